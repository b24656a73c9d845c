// What operators hear of a troubled Redis: what, and what to do, once and not for each attempt.
#include <gmock/gmock.h>

#include "tests/logs/shipper_fixture.h"

namespace portvakt::logs {
namespace {

int times_in(const std::string& text, std::string_view part) {
  int times = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size()) ++times;
  return times;
}

TEST(RedisFaults, HaveWordsOfTheirOwn) {
  std::set<std::string_view> words;
  for (std::size_t i = 0; i < kRedisFaults; ++i) {
    const auto fault = static_cast<RedisFault>(i);
    EXPECT_FALSE(fault_text(fault).empty());
    EXPECT_TRUE(words.insert(fault_word(fault)).second) << fault_word(fault);
    EXPECT_THAT(std::string(fault_word(fault)), testing::MatchesRegex("[a-z_]+"));
  }
  EXPECT_EQ(fault_word(RedisFault::OutOfMemory), "out_of_memory");
  EXPECT_EQ(fault_word(RedisFault::Other), "other");
}

class TroubledRedis : public ShippedSpool {
 protected:
  std::uint64_t met(RedisFault fault) const {
    return shipper_->counters().faults[static_cast<std::size_t>(fault)].value();
  }
  /// Waits until the fault was met a few times.
  bool wait_met(RedisFault fault) {
    return wait_until([&] { return met(fault) >= 3; });
  }
};

TEST_F(TroubledRedis, IsToldOfOnceWithWhatToDo) {
  redis_.ask({"CONFIG", "SET", "maxmemory", "1"});
  testing::internal::CaptureStdout();
  append(1, 100);
  ship();
  const bool met_often = wait_met(RedisFault::OutOfMemory);
  redis_.ask({"CONFIG", "SET", "maxmemory", "0"});
  const bool delivered = wait_delivered(100);
  shipper_->stop(std::chrono::seconds{5});
  const std::string log = testing::internal::GetCapturedStdout();
  EXPECT_TRUE(met_often && delivered);
  EXPECT_EQ(times_in(log, "has reached its maxmemory"), 1) << log;
  EXPECT_EQ(times_in(log, "raise maxmemory or shorten log.retention"), 1) << log;
  EXPECT_EQ(times_in(log, "takes records"), 1) << log;
  EXPECT_EQ(shipper_->counters().last_fault.value(), static_cast<std::uint64_t>(RedisFault::OutOfMemory) + 1);
}

TEST_F(TroubledRedis, AUserWithoutRightsIsNamedAndLosesNothing) {
  redis_.ask({"ACL", "SETUSER", "poor", "on", ">secret", "~*", "-@all", "+ping", "+role", "+script|load"});
  RedisUrl url = redis_.unix_url();
  url.user = "poor";
  url.password = "secret";
  append(1, 100);
  ship(url);
  ASSERT_TRUE(wait_met(RedisFault::NoPermission));
  redis_.ask({"ACL", "SETUSER", "poor", "+@all"});
  ASSERT_TRUE(wait_delivered(100));
  url.password = "other";
  ship(url);
  append(101, 200);
  ASSERT_TRUE(wait_met(RedisFault::WrongPassword));
  redis_.ask({"ACL", "SETUSER", "poor", ">other"});
  ASSERT_TRUE(wait_delivered(100));
  expect_once({stream()}, 1, 200);
}

TEST_F(TroubledRedis, ThatStandsStillIsLeftAndTakenUpAgain) {
  ship(redis_.tcp_url());
  append(1, 100);
  ASSERT_TRUE(wait_delivered(100));
  redis_.freeze();  // connections stay half open, and the kernel still takes new ones
  append(101, 300);
  EXPECT_TRUE(wait_until([&] { return met(RedisFault::TimedOut) >= 1; }));
  redis_.thaw();
  ASSERT_TRUE(wait_delivered(300));
  expect_once({stream()}, 1, 300);
}

TEST_F(TroubledRedis, ThatReadsItsDataIsWaitedFor) {
  // It answers now and then while it reads, after a thousand commands each.
  RedisProcess slow("", {"--key-load-delay", "500"});
  append(1, 5000);
  ship(slow.unix_url());
  ASSERT_TRUE(wait_delivered(5000));
  std::thread restart([&] {
    slow.kill();
    slow.start();
  });
  append(5001, 5100);
  EXPECT_TRUE(wait_until([&] { return met(RedisFault::Loading) >= 1; }));
  restart.join();
  ASSERT_TRUE(wait_delivered(5100));
  EXPECT_EQ(slow.length(stream()), 5100);
}

TEST_F(TroubledRedis, ThatLacksReplicasIsWaitedFor) {
  redis_.ask({"CONFIG", "SET", "min-replicas-to-write", "1"});
  append(1, 100);
  ship();
  ASSERT_TRUE(wait_met(RedisFault::NotWritable));
  redis_.ask({"CONFIG", "SET", "min-replicas-to-write", "0"});
  ASSERT_TRUE(wait_delivered(100));
  expect_once({stream()}, 1, 100);
}

}  // namespace
}  // namespace portvakt::logs
