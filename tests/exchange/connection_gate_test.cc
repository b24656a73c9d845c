#include "proxy/exchange/connection_gate.h"

#include <gtest/gtest.h>

#include <vector>

namespace portvakt::exchange {
namespace {

IpAddress address(std::string_view text) {
  return *IpAddress::parse(text);
}

Limits at_most(std::uint64_t connections, std::uint64_t per_network) {
  Limits limits;
  limits.max_connections = connections;
  limits.max_connections_per_network = per_network;
  return limits;
}

/// A connection that leaves as ClientConnection does.
struct Connection : PlaceHolder {
  explicit Connection(std::unique_ptr<ConnectionPlace> got) : place(std::move(got)) {}
  void give_up_place() override { gave_up = true; }
  void wait() { place->idle(*this); }

  std::unique_ptr<ConnectionPlace> place;
  bool gave_up = false;
};

class Gate : public testing::Test {
 protected:
  Connection& connect(std::string_view from = "192.0.2.1") {
    connections_.push_back(std::make_unique<Connection>(gate_.admit(address(from), limits_, {})));
    return *connections_.back();
  }

  Limits limits_ = at_most(4, 100);
  ConnectionCounts counts_;
  LimitCounters hits_;
  ConnectionGate gate_{counts_, hits_};
  std::vector<std::unique_ptr<Connection>> connections_;
};

TEST_F(Gate, AdmitsAsManyAsTheLimitAndOthersWhenOneHasGone) {
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(connect().place);
  EXPECT_FALSE(connect().place);
  EXPECT_EQ(hits_.value(Limit::Connections), 1U);
  connections_[1]->place.reset();
  EXPECT_TRUE(connect().place);
  EXPECT_EQ(counts_.open(), 4U);
}

TEST_F(Gate, GivesUpTheConnectionThatHasWaitedLongest) {
  for (int i = 0; i < 4; ++i) connect();
  for (const auto i : {2U, 0U, 3U}) connections_[i]->wait();
  connections_[2]->place->busy();
  connections_[2]->wait();  // now it waits shortest
  EXPECT_TRUE(connect().place);
  EXPECT_TRUE(connections_[0]->gave_up);
  EXPECT_TRUE(connect().place);
  EXPECT_TRUE(connections_[3]->gave_up);
  EXPECT_TRUE(connect().place);
  EXPECT_TRUE(connections_[2]->gave_up);
  EXPECT_FALSE(connect().place);
  EXPECT_FALSE(connections_[1]->gave_up);
}

TEST_F(Gate, AnIdleConnectionThatLeavesIsForgotten) {
  for (int i = 0; i < 4; ++i) connect();
  for (const auto& connection : connections_) connection->wait();
  EXPECT_EQ(gate_.idle_connections(), 4U);
  connections_.erase(connections_.begin() + 1);
  connections_.pop_back();
  connections_.erase(connections_.begin());
  EXPECT_EQ(gate_.idle_connections(), 1U);
  EXPECT_TRUE(gate_.give_up_idle());
  EXPECT_FALSE(gate_.give_up_idle());
}

TEST_F(Gate, WorkersShareTheCountAndMakeRoomBeforeItIsReached) {
  limits_ = at_most(16, 100);
  ConnectionGate other(counts_, hits_);
  auto& idle = connect();
  idle.wait();
  std::vector<std::unique_ptr<ConnectionPlace>> places;
  for (int i = 0; i < 13; ++i) places.push_back(other.admit(address("198.51.100.1"), limits_, {}));
  EXPECT_EQ(counts_.open(), 14U);
  EXPECT_TRUE(connect().place);
  EXPECT_TRUE(idle.gave_up);
}

TEST_F(Gate, ANetworkHasItsOwnLimit) {
  limits_ = at_most(100, 2);
  EXPECT_TRUE(connect("192.0.2.1").place);
  EXPECT_TRUE(connect("192.0.2.77").place);
  EXPECT_FALSE(connect("::ffff:192.0.2.5").place);
  EXPECT_TRUE(connect("192.0.3.1").place);
  EXPECT_TRUE(connect("2001:db8:1::1").place);
  EXPECT_TRUE(connect("2001:db8:1:ffff::1").place);
  EXPECT_FALSE(connect("2001:db8:1::2").place);
  EXPECT_TRUE(connect("2001:db8:2::1").place);
  EXPECT_TRUE(gate_.admit(std::nullopt, limits_, {}));
  EXPECT_EQ(hits_.value(Limit::ConnectionsPerNetwork), 2U);
}

TEST_F(Gate, KeepsNothingOfNetworksThatHaveGone) {
  limits_ = at_most(100, 1);
  for (int i = 0; i < 50; ++i) connect("10.0." + std::to_string(i) + ".1");
  connect("10.0.3.2");
  EXPECT_EQ(counts_.networks(), 50U);
  connections_.clear();
  EXPECT_EQ(counts_.networks(), 0U);
  EXPECT_EQ(counts_.open(), 0U);
}

TEST_F(Gate, WithoutALimitOfItsOwnANetworkMayHaveHalfOfAll) {
  Limits limits;
  limits.max_connections = 100;
  EXPECT_EQ(limits.connections_per_network(), 50U);
  limits.max_connections_per_network = 0;
  EXPECT_EQ(limits.connections_per_network(), UINT64_MAX);
}

TEST_F(Gate, OutOfDescriptorsIdleConnectionsAreGivenUp) {
  connect();
  connect().wait();
  gate_.on_exhausted();
  EXPECT_FALSE(connections_[0]->gave_up);
  EXPECT_TRUE(connections_[1]->gave_up);
  EXPECT_EQ(hits_.value(Limit::Descriptors), 1U);
}

}  // namespace
}  // namespace portvakt::exchange
