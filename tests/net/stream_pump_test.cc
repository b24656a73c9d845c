#include "proxy/net/stream_pump.h"

#include <gtest/gtest.h>

#include <thread>

#include "tests/support/memory_transport.h"
#include "tests/support/turns.h"

namespace portvakt::net {
namespace {

/// An owner that takes as much as the test lets it and writes down what it hears.
class Owner : public PumpEvents {
 public:
  std::size_t on_bytes(std::string_view bytes) override {
    const std::size_t used = std::min(bytes.size(), appetite);
    heard.append(bytes.substr(0, used));
    return used;
  }
  void on_peer_end() override { heard += "|end"; }
  void on_broken() override { heard += "|broken"; }
  void on_written() override { ++writes; }

  std::string heard;
  std::size_t appetite = SIZE_MAX;
  int writes = 0;
};

class StreamPumpTest : public testing::Test {
 protected:
  EventLoop loop_;
  test::MemoryWire wire_;
  Buffer output_;
  Owner owner_;
  StreamPump pump_{loop_, std::make_unique<test::MemoryTransport>(wire_), output_, owner_};
};

TEST_F(StreamPumpTest, GivesWhatWasLeftUnusedAgainWithMoreBehindIt) {
  owner_.appetite = 1;
  wire_.incoming = {"ab", "cd"};
  wire_.ready();
  EXPECT_EQ(owner_.heard, "ab");
  owner_.appetite = SIZE_MAX;
  pump_.offer();
  EXPECT_EQ(owner_.heard, "abcd");
}

TEST_F(StreamPumpTest, ReadsNothingWhilePausedAndGoesOnWhenTheLastReasonIsGone) {
  pump_.pause(StreamPump::BackPressure);
  pump_.pause(StreamPump::MessageDone);
  wire_.incoming = {"late"};
  wire_.ready();
  pump_.resume(StreamPump::BackPressure);
  EXPECT_EQ(owner_.heard, "");
  pump_.resume(StreamPump::MessageDone);
  EXPECT_TRUE(test::run_until(loop_, [this] { return owner_.heard == "late"; }));
}

TEST_F(StreamPumpTest, WritesOnceATurnAndWaitsForRoom) {
  wire_.write_room = 3;
  output_.append("hel");
  pump_.flush_soon();
  output_.append("lo");
  pump_.flush_soon();
  EXPECT_TRUE(test::run_until(loop_, [this] { return wire_.written == "hel"; }));
  EXPECT_EQ(owner_.writes, 1);
  wire_.write_room = 100;
  wire_.ready();
  EXPECT_EQ(wire_.written, "hello");
}

TEST_F(StreamPumpTest, ShutsTheSendingSideOnlyWhenEverythingIsWritten) {
  wire_.write_room = 2;
  output_.append("bye");
  pump_.shutdown_when_flushed();
  EXPECT_TRUE(test::run_until(loop_, [this] { return wire_.written == "by"; }));
  EXPECT_FALSE(wire_.write_shut);
  wire_.write_room = 1;
  wire_.ready();
  EXPECT_TRUE(wire_.write_shut);
}

TEST_F(StreamPumpTest, TellsTheEndOnceAndABreakOnce) {
  wire_.peer_ended = true;
  wire_.ready();
  wire_.ready();
  EXPECT_EQ(owner_.heard, "|end");
  wire_.broken = true;
  output_.append("x");
  wire_.ready();
  wire_.ready();
  EXPECT_EQ(owner_.heard, "|end|broken");
}

TEST_F(StreamPumpTest, LetsOthersHaveTheirTurnDuringALongRead) {
  for (int i = 0; i < 100; ++i) wire_.incoming.emplace_back("x");
  wire_.ready();
  EXPECT_LT(owner_.heard.size(), 100U);
  EXPECT_TRUE(test::run_until(loop_, [this] { return owner_.heard.size() == 100; }));
}

TEST_F(StreamPumpTest, KnowsWhetherAPooledConnectionIsQuiet) {
  EXPECT_TRUE(pump_.quiet());
  wire_.peer_ended = true;
  EXPECT_FALSE(pump_.quiet());
}

TEST(Timer, FiresOnceAndLaterWhenMoved) {
  EventLoop loop;
  int fired = 0;
  Timer timer(loop, [&] { ++fired; });
  timer.start(std::chrono::milliseconds(1));
  timer.start(std::chrono::milliseconds(30));
  const auto began = std::chrono::steady_clock::now();
  EXPECT_TRUE(test::run_until(loop, [&] { return fired == 1; }));
  EXPECT_GE(std::chrono::steady_clock::now() - began, std::chrono::milliseconds(29));
}

TEST(EventLoop, RunsPostedTasksOfOtherThreadsInOrder) {
  EventLoop loop;
  std::string order;
  std::thread poster([&] {
    loop.post([&] { order += "a"; });
    loop.post([&] { order += "b"; });
    loop.stop();
  });
  loop.run();
  poster.join();
  EXPECT_EQ(order, "ab");
}

TEST(TurnEndTask, IsForgottenWithItsOwner) {
  EventLoop loop;
  bool ran = false;
  auto task = std::make_unique<TurnEndTask>(loop, [&] { ran = true; });
  task->schedule();
  task.reset();
  bool other = false;
  TurnEndTask second(loop, [&] { other = true; });
  second.schedule();
  EXPECT_TRUE(test::run_until(loop, [&] { return other; }));
  EXPECT_FALSE(ran);
}

}  // namespace
}  // namespace portvakt::net
