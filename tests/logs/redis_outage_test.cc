// What can go wrong between spool and Redis, with a real server: whatever it is, each record arrives once.
#include "tests/logs/cutting_relay.h"
#include "tests/logs/shipper_fixture.h"

namespace portvakt::logs {
namespace {

using Outage = ShippedSpool;

TEST_F(Outage, KillingTheServerThreeTimesLosesAndDoublesNothing) {
  ship();
  std::thread worker([&] { append(1, 50000); });
  for (int kills = 0; kills < 3; ++kills) {
    const auto target = shipper_->counters().delivered.value() + 8000;
    ASSERT_TRUE(wait_until([&] { return shipper_->counters().delivered.value() >= target; }));
    redis_.kill();
    redis_.start();
  }
  worker.join();
  ASSERT_TRUE(wait_delivered(50000));
  expect_once({stream()}, 1, 50000);
  EXPECT_GE(shipper_->counters().failures.value(), 3U);
  EXPECT_EQ(spool_->lost(), 0U);
}

TEST_F(Outage, WhatTheServerLostWithItsPowerIsSentAgain) {
  ship();
  append(1, 20000);
  ASSERT_TRUE(wait_delivered(20000));
  redis_.kill();
  redis_.lose_tail(2000000);
  redis_.start();
  const auto survived = redis_.length(stream());
  ASSERT_LT(survived, 20000);
  ASSERT_TRUE(wait_until([&] { return redis_.length(stream()) == 20000; }));
  expect_once({stream()}, 1, 20000);
  // The shipper may have begun to send again before this test counted what had survived.
  EXPECT_GE(shipper_->counters().retried.value(), static_cast<std::uint64_t>(20000 - survived));
  EXPECT_EQ(shipper_->counters().delivered.value(), 20000U);
}

TEST_F(Outage, DataThatVanishesBehindALiveConnectionIsNoticedAndSentAgain) {
  ship();
  append(1, 3000);
  ASSERT_TRUE(wait_delivered(3000));
  redis_.ask({"FLUSHALL"});
  append(3001, 3001);
  ASSERT_TRUE(wait_until([&] { return redis_.length(stream()) == 3001; }));
  expect_once({stream()}, 1, 3001);
}

TEST_F(Outage, AForgottenScriptIsTaughtAgain) {
  ship();
  append(1, 500);
  ASSERT_TRUE(wait_delivered(500));
  redis_.ask({"SCRIPT", "FLUSH"});
  append(501, 1000);
  ASSERT_TRUE(wait_delivered(1000));
  expect_once({stream()}, 1, 1000);
}

TEST_F(Outage, AnUnknownOutcomeIsSettledByTheMarks) {
  CuttingRelay relay(redis_.unix_url().socket_path);
  RedisUrl url;
  url.socket_path = relay.path();
  relay.cut_answers(4);
  append(1, 5000);
  ship(url);
  ASSERT_TRUE(wait_delivered(5000));
  EXPECT_EQ(relay.cuts_left(), 0);
  expect_once({stream()}, 1, 5000);
}

TEST_F(Outage, AnUnknownOutcomeStaysWithItsDayOverMidnightAndARestart) {
  CuttingRelay relay(redis_.unix_url().socket_path);
  RedisUrl url;
  url.socket_path = relay.path();
  relay.cut_answers(1);
  append(1, 100);
  ship(url);
  ASSERT_TRUE(wait_until([&] { return relay.cuts_left() == 0; }));
  shipper_->stop(std::chrono::milliseconds{0});
  redis_.ask({"FLUSHALL"});  // as if the batch had been lost: the retry must still go to its first day
  clock_.advance(std::chrono::hours{24});
  open_spool();
  append(101, 200);
  ship();
  ASSERT_TRUE(wait_until([&] { return redis_.length(stream("a", "2026-11-23")) == 100; }));
  expect_once({stream()}, 1, 100);
  expect_once({stream("a", "2026-11-23")}, 101, 200);
}

TEST_F(Outage, AFullOrReadOnlyServerIsWaitedFor) {
  redis_.ask({"CONFIG", "SET", "maxmemory", "1"});
  ship();
  append(1, 2000);
  ASSERT_TRUE(wait_until([&] { return shipper_->counters().failures.value() >= 2; }));
  EXPECT_EQ(shipper_->counters().delivered.value(), 0U);
  redis_.ask({"CONFIG", "SET", "maxmemory", "0"});
  ASSERT_TRUE(wait_delivered(2000));
  redis_.ask({"REPLICAOF", "127.0.0.1", "1"});
  append(2001, 4000);
  const auto failures = shipper_->counters().failures.value();
  ASSERT_TRUE(wait_until([&] { return shipper_->counters().failures.value() > failures; }));
  redis_.ask({"REPLICAOF", "NO", "ONE"});
  ASSERT_TRUE(wait_delivered(4000));
  expect_once({stream()}, 1, 4000);
}

TEST_F(Outage, AForeignKeyUnderOurNameStopsTheBatchBeforeItsFirstWrite) {
  redis_.ask({"SET", "portvakt:{a/2026-11-22}:consents", "not a stream"});
  ship();
  append(1, 200);
  ASSERT_TRUE(wait_until([&] { return shipper_->counters().failures.value() >= 2; }));
  EXPECT_EQ(redis_.length(stream()), 0);
  redis_.ask({"DEL", "portvakt:{a/2026-11-22}:consents"});
  ASSERT_TRUE(wait_delivered(200));
  expect_once({stream()}, 1, 200);
}

TEST_F(Outage, AStoppedServerTimesOutAndIsTriedAgain) {
  ship();
  append(1, 100);
  ASSERT_TRUE(wait_delivered(100));
  redis_.ask({"CLIENT", "PAUSE", "6000", "WRITE"});  // longer than the wait for a reply
  append(101, 200);
  ASSERT_TRUE(wait_delivered(200));
  EXPECT_GE(shipper_->counters().failures.value(), 1U);
  expect_once({stream()}, 1, 200);
}

TEST(RedisSignIn, NeedsTheRightPassword) {
  RedisProcess redis("open sesame");
  StopSignal stop;
  const RedisClient::Timeouts timeouts{std::chrono::seconds{5}, std::chrono::seconds{5}};
  RedisUrl url = redis.unix_url();
  EXPECT_TRUE(RedisClient(url, timeouts, stop).connect());
  url.user = "default";
  EXPECT_TRUE(RedisClient(url, timeouts, stop).connect());
  url.password = "wrong";
  const auto refused = RedisClient(url, timeouts, stop).connect();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error(), RedisFault::WrongPassword);
  url.password.clear();
  RedisClient client(url, timeouts, stop);
  ASSERT_TRUE(client.connect());
  std::string command;
  append_command(command, {"PING"});
  EXPECT_EQ(client.exchange(command, 1)->front().fault(), RedisFault::NoAuth);
}

}  // namespace
}  // namespace portvakt::logs
