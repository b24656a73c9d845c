#include "proxy/server/listener_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fcntl.h>

#include <set>

#include "proxy/server/tls_servers.h"
#include "tests/server/server_fixture.h"

namespace portvakt::server {
namespace {

using test::accepts;
using test::listener_at;
using test::loopback;
using testing::ElementsAre;

std::uint16_t port_of(const ListenerSet& set, std::size_t entry) {
  return net::local_port(set.entries()[entry].sockets.front());
}

/// A set that listens on `count` free ports.
void open_some(ListenerSet& set, std::size_t count, std::vector<config::Listener>& listeners) {
  for (std::size_t i = 0; i < count; ++i) listeners.push_back(listener_at(0));
  auto next = set.prepare(listeners, {});
  ASSERT_TRUE(next) << next.error().detail;
  set.commit(std::move(*next));
}

TEST(SocketsOfWorker, LeavesNoSocketAndNoWorkerAlone) {
  EXPECT_THAT(sockets_of_worker(1, 2, 2), ElementsAre(1));
  EXPECT_THAT(sockets_of_worker(2, 3, 1), ElementsAre(0));
  EXPECT_TRUE(sockets_of_worker(0, 2, 0).empty());
  for (std::size_t workers = 1; workers < 6; ++workers) {
    for (std::size_t sockets = 1; sockets < 9; ++sockets) {
      std::set<std::size_t> served;
      for (std::size_t worker = 0; worker < workers; ++worker) {
        const auto own = sockets_of_worker(worker, workers, sockets);
        EXPECT_FALSE(own.empty()) << worker << " of " << workers << ", " << sockets << " sockets";
        served.insert(own.begin(), own.end());
      }
      EXPECT_EQ(served.size(), sockets) << workers << " workers";
    }
  }
}

TEST(ListenerSet, GivesEveryWorkerASocketOfItsOwnOnTheSamePort) {
  ListenerSet set(3);
  std::vector<config::Listener> listeners;
  open_some(set, 1, listeners);
  ASSERT_EQ(set.entries()[0].sockets.size(), 3U);
  for (std::size_t worker = 0; worker < 3; ++worker) {
    const auto part = set.for_worker(worker);
    ASSERT_TRUE(part);
    ASSERT_EQ(part->front().sockets.size(), 1U);
    EXPECT_EQ(net::local_port(part->front().sockets[0]), port_of(set, 0));
  }
}

TEST(ListenerSet, KeepsTheSocketsOfAddressesThatStay) {
  ListenerSet set(2);
  std::vector<config::Listener> listeners;
  open_some(set, 2, listeners);
  const auto first = port_of(set, 0);
  const auto second = port_of(set, 1);
  const int kept = set.entries()[0].sockets[0].get();
  const auto id = set.entries()[0].id;
  listeners.pop_back();
  auto next = set.prepare(listeners, {});
  ASSERT_TRUE(next);
  EXPECT_TRUE(accepts(second)) << "nothing changes before the commit";
  set.commit(std::move(*next));
  ASSERT_EQ(set.entries().size(), 1U);
  EXPECT_EQ(set.entries()[0].sockets[0].get(), kept);
  EXPECT_EQ(set.entries()[0].id, id);
  EXPECT_TRUE(accepts(first));
  EXPECT_FALSE(accepts(second));
}

TEST(ListenerSet, ChangesNothingWhenOneAddressIsTaken) {
  const auto foreign = net::listen_on(loopback(0), false);
  ASSERT_TRUE(foreign);
  ListenerSet set(2);
  std::vector<config::Listener> listeners;
  open_some(set, 1, listeners);
  listeners.push_back(listener_at(net::local_port(*foreign)));
  const auto next = set.prepare(listeners, {});
  ASSERT_FALSE(next);
  EXPECT_THAT(next.error().detail, testing::HasSubstr("cannot bind 127.0.0.1:"));
  EXPECT_EQ(set.entries().size(), 1U);
  EXPECT_TRUE(accepts(port_of(set, 0)));
}

TEST(ListenerSet, RefusesACertificateThatCannotBeUsed) {
  ListenerSet set(1);
  auto listener = listener_at(0);
  listener.certificates.push_back({"/nowhere/a.pem", "/nowhere/a.key"});
  net::EventLoop loop;
  SystemClock clock;
  TlsServers servers(loop, clock);
  EXPECT_FALSE(set.prepare({listener}, [&](const config::Listener& from) {
    return servers.open(from, std::chrono::seconds(10));
  }));
}

TEST(ListenerSet, TakesInheritedSocketsForTheAddressTheyAreBoundTo) {
  std::vector<net::FileDescriptor> inherited;
  auto wanted = net::listen_on(loopback(0), false);
  auto unknown = net::listen_on(loopback(0), false);
  ASSERT_TRUE(wanted && unknown);
  const auto port = net::local_port(*wanted);
  const int number = wanted->get();
  ::fcntl(number, F_SETFL, 0);
  ::fcntl(number, F_SETFD, 0);
  inherited.push_back(std::move(*wanted));
  inherited.push_back(std::move(*unknown));
  ListenerSet set(2, std::move(inherited));
  auto next = set.prepare({listener_at(port)}, {});
  ASSERT_TRUE(next) << next.error().detail;
  set.commit(std::move(*next));
  ASSERT_EQ(set.entries()[0].sockets.size(), 1U);
  EXPECT_EQ(set.entries()[0].sockets[0].get(), number);
  EXPECT_TRUE(::fcntl(number, F_GETFL) & O_NONBLOCK) << "a worker must never wait in accept";
  EXPECT_TRUE(::fcntl(number, F_GETFD) & FD_CLOEXEC);
  EXPECT_EQ(set.drop_inherited().size(), 1U);
  for (std::size_t worker = 0; worker < 2; ++worker) {
    EXPECT_EQ(set.for_worker(worker)->front().sockets.size(), 1U);
  }
}

TEST(ListenerSet, TakesAllInheritedSocketsOfOnePortForPortZero) {
  std::vector<net::FileDescriptor> inherited;
  inherited.push_back(std::move(*net::listen_on(loopback(0), true)));
  const auto port = net::local_port(inherited[0]);
  inherited.push_back(std::move(*net::listen_on(loopback(port), true)));
  ListenerSet set(2, std::move(inherited));
  auto next = set.prepare({listener_at(0)}, {});
  ASSERT_TRUE(next);
  set.commit(std::move(*next));
  EXPECT_EQ(set.entries()[0].sockets.size(), 2U);
  EXPECT_EQ(port_of(set, 0), port);
}

TEST(ListenerSet, KnowsWhatIsNoListeningSocket) {
  int pair[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
  const net::FileDescriptor one(pair[0]), other(pair[1]);
  EXPECT_FALSE(net::listening_endpoint(one));
}

}  // namespace
}  // namespace portvakt::server
