#include "proxy/exchange/memory_budget.h"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "tests/support/turns.h"

namespace portvakt::exchange {
namespace {

struct Connection : MemoryUser {
  Connection(MemoryBudget& budget, bool slow_peer) : account(budget, *this), slow(slow_peer) {}
  bool holds_for_a_slow_peer() const override { return slow; }
  void cut_for_memory() override {
    cut = true;
    account.close();
  }

  MemoryAccount account;
  MemoryShare own{account};
  MemoryShare exchange{account};
  bool slow;
  bool cut = false;
};

class Budget : public testing::Test {
 protected:
  Connection& connect(std::size_t bytes, bool slow) {
    connections_.push_back(std::make_unique<Connection>(budget_, slow));
    connections_.back()->own.set(bytes);
    return *connections_.back();
  }
  void turn() {
    int left = 3;
    EXPECT_TRUE(test::run_until(loop_, [&] { return --left == 0; }));
  }

  net::EventLoop loop_;
  LimitCounters hits_;
  MemoryBudget budget_{loop_, hits_};
  std::vector<std::unique_ptr<Connection>> connections_;
};

TEST_F(Budget, AddsUpWhatEveryPartHolds) {
  auto& one = connect(100, false);
  one.exchange.set(50);
  connect(7, false);
  EXPECT_EQ(one.account.held(), 150U);
  EXPECT_EQ(budget_.held(), 157U);
  one.own.set(10);
  EXPECT_EQ(budget_.held(), 67U);
  connections_.clear();
  EXPECT_EQ(budget_.held(), 0U);
  EXPECT_EQ(budget_.gauge().value(), 0U);
}

TEST_F(Budget, AConnectionThatIsOverCountsNoMore) {
  auto& one = connect(100, false);
  one.account.close();
  one.own.set(500);
  EXPECT_EQ(budget_.held(), 0U);
}

TEST_F(Budget, IsPressedFromFourFifthsOn) {
  budget_.set_most(1000);
  auto& one = connect(800, false);
  EXPECT_FALSE(budget_.pressed());
  one.own.set(801);
  EXPECT_TRUE(budget_.pressed());
}

TEST_F(Budget, PastTheHardMarkTheLargestWhosePeersAreSlowAreCutUntilThereIsRoom) {
  budget_.set_most(1000);
  connect(300, false);
  connect(100, true);
  connect(400, true);
  connect(200, true);
  turn();
  EXPECT_FALSE(connections_[2]->cut);
  connections_[0]->own.set(301);
  turn();
  EXPECT_TRUE(connections_[2]->cut);
  EXPECT_FALSE(connections_[0]->cut || connections_[1]->cut || connections_[3]->cut);
  EXPECT_EQ(hits_.value(Limit::Buffered), 1U);
  EXPECT_EQ(budget_.held(), 601U);
}

TEST_F(Budget, CutsNobodyWhosePeerDoesItsPart) {
  budget_.set_most(1000);
  connect(5000, false);
  turn();
  EXPECT_FALSE(connections_[0]->cut);
}

}  // namespace
}  // namespace portvakt::exchange
