#include "proxy/net/event_loop.h"

#include <gtest/gtest.h>

#include <sys/socket.h>

#include <array>
#include <random>

#include "proxy/net/tcp_transport.h"
#include "tests/support/turns.h"

namespace portvakt::net {
namespace {

using std::chrono::milliseconds;

/// Two ends of one connection.
struct Pair {
  Pair() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()), 0);
    ours = FileDescriptor(ends[0]);
    theirs = FileDescriptor(ends[1]);
  }
  void send(std::string_view bytes) const {
    EXPECT_EQ(::send(theirs.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
  }
  FileDescriptor ours;
  FileDescriptor theirs;
};

TEST(TimerQueue, GivesTimersInTheOrderOfTheirMoments) {
  TimerQueue queue;
  std::mt19937 random(7);
  std::vector<QueuedTimer> timers(500);
  const SteadyTime zero{};
  for (auto& timer : timers) queue.put(timer, zero + milliseconds(random() % 1000));
  for (std::size_t i = 0; i < timers.size(); i += 3)
    queue.put(timers[i], zero + milliseconds(random() % 1000));
  for (std::size_t i = 0; i < timers.size(); i += 7) queue.remove(timers[i]);
  SteadyTime last = zero;
  std::size_t taken = 0;
  while (const QueuedTimer* timer = queue.take_due(zero + milliseconds(1000))) {
    EXPECT_GE(timer->queued_for(), last);
    EXPECT_FALSE(timer->queued());
    last = timer->queued_for();
    ++taken;
  }
  EXPECT_EQ(taken, timers.size() - (timers.size() + 6) / 7);
  EXPECT_TRUE(queue.empty());
}

TEST(TimerQueue, KeepsBackWhatIsNotDue) {
  TimerQueue queue;
  QueuedTimer timer;
  queue.put(timer, SteadyTime{} + milliseconds(5));
  EXPECT_EQ(queue.take_due(SteadyTime{} + milliseconds(4)), nullptr);
  EXPECT_EQ(queue.take_due(SteadyTime{} + milliseconds(5)), &timer);
}

TEST(Timer, ThatStartsItselfAnewLetsOthersRun) {
  EventLoop loop;
  int rounds = 0;
  std::unique_ptr<Timer> again;
  again = std::make_unique<Timer>(loop, [&] {
    ++rounds;
    again->start(milliseconds(0));
  });
  again->start(milliseconds(0));
  bool other = false;
  loop.post([&] { other = true; });
  EXPECT_TRUE(test::run_until(loop, [&] { return other && rounds > 3; }));
}

TEST(Timer, MayBeDestroyedByAnotherOfTheSameMoment) {
  EventLoop loop;
  bool fired = false;
  std::unique_ptr<Timer> first, second;
  second = std::make_unique<Timer>(loop, [&] { first.reset(), fired = true; });
  first = std::make_unique<Timer>(loop, [&] { second.reset(), fired = true; });
  first->start(milliseconds(1));
  second->start(milliseconds(1));
  EXPECT_TRUE(test::run_until(loop, [&] { return fired; }));
  EXPECT_TRUE((first == nullptr) != (second == nullptr));
}

TEST(Timer, DoesNotFireOnceCancelled) {
  EventLoop loop;
  bool fired = false;
  Timer timer(loop, [&] { fired = true; });
  timer.start(milliseconds(1));
  timer.cancel();
  bool later = false;
  Timer other(loop, [&] { later = true; });
  other.start(milliseconds(20));
  EXPECT_TRUE(test::run_until(loop, [&] { return later; }));
  EXPECT_FALSE(fired);
}

TEST(Readiness, IsForgottenWhenDestroyedByAnotherInTheSameTurn) {
  EventLoop loop;
  Pair a, b;
  a.send("x");
  b.send("x");
  int told = 0;
  std::unique_ptr<Readiness> first, second;
  first = std::make_unique<Readiness>(loop, a.ours.get(), Readiness::Mode::Edge, [&](bool, bool) {
    ++told;
    second.reset();
  });
  second = std::make_unique<Readiness>(loop, b.ours.get(), Readiness::Mode::Edge, [&](bool, bool) {
    ++told;
    first.reset();
  });
  EXPECT_TRUE(test::run_until(loop, [&] { return told > 0; }));
  EXPECT_EQ(told, 1);
}

TEST(Readiness, TellsAHangUp) {
  EventLoop loop;
  Pair pair;
  int told = 0;
  Readiness readiness(loop, pair.ours.get(), Readiness::Mode::Edge, [&](bool, bool) { ++told; });
  EXPECT_TRUE(test::run_until(loop, [&] { return told > 0; }));
  EXPECT_FALSE(readiness.hung_up());
  ::shutdown(pair.theirs.get(), SHUT_WR);
  EXPECT_TRUE(test::run_until(loop, [&] { return readiness.hung_up(); }));
}

TEST(TcpTransport, SaysThatAReadTookAllUnlessTheEndCameWithIt) {
  EventLoop loop;
  Pair pair;
  const FileDescriptor& theirs = pair.theirs;
  TcpTransport transport(loop, std::move(pair.ours));
  int told = 0;
  transport.set_on_ready([&] { ++told; });
  std::array<char, 64> room{};
  ::send(theirs.get(), "abc", 3, MSG_NOSIGNAL);
  EXPECT_TRUE(test::run_until(loop, [&] { return told > 0; }));
  EXPECT_FALSE(transport.read(room.data(), 2).drained) << "a full read may have left some";
  EXPECT_TRUE(transport.read(room.data(), room.size()).drained);
  told = 0;
  ::send(theirs.get(), "abc", 3, MSG_NOSIGNAL);
  ::shutdown(theirs.get(), SHUT_WR);
  EXPECT_TRUE(test::run_until(loop, [&] { return told > 0; }));
  const auto last = transport.read(room.data(), room.size());
  EXPECT_EQ(last.bytes, 3U);
  EXPECT_FALSE(last.drained);
  EXPECT_EQ(transport.read(room.data(), room.size()).state, IoState::Ended);
}

TEST(EventLoop, DestroysLaterWhatMayDestroyMore) {
  EventLoop loop;
  int destroyed = 0;
  struct Doomed {
    EventLoop& loop;
    int& count;
    int more;
    ~Doomed() {
      ++count;
      if (more > 0) loop.delete_later(std::unique_ptr<Doomed>(new Doomed{loop, count, more - 1}));
    }
  };
  loop.delete_later(std::unique_ptr<Doomed>(new Doomed{loop, destroyed, 2}));
  EXPECT_EQ(destroyed, 0);
  EXPECT_TRUE(test::run_until(loop, [&] { return destroyed == 3; }));
}

}  // namespace
}  // namespace portvakt::net
