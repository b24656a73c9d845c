#include "proxy/logs/shipping/redis_shipper.h"

#include "proxy/logs/redis/ship_keys.h"
#include "tests/logs/shipper_fixture.h"

namespace portvakt::logs {
namespace {

using std::chrono::milliseconds;

TEST_F(ShippedSpool, ArrivesOverAUnixSocketBySiteAndDay) {
  append(1, 3000, "a", 0);
  append(3001, 6000, "a", 1);
  append(1, 500, "b", 1);
  ship();
  ASSERT_TRUE(wait_delivered(6500));
  expect_once({stream("a")}, 1, 6000);
  expect_once({stream("b")}, 1, 500);
  const auto first = redis_.entries(stream("a")).front();
  EXPECT_EQ(first.at("site"), "a");
  EXPECT_EQ(first.at("id"), SpoolReader(*spool_).id(0) + "-1");
  EXPECT_EQ(first.at("t"), "1795348800000");
  EXPECT_EQ(redis_.ask({"ZSCORE", "portvakt:{a}:days", "2026-11-22"}).text, "20779");
  EXPECT_EQ(redis_.ask({"HLEN", "portvakt:{a/2026-11-22}:sent"}).integer, 2);
  EXPECT_EQ(shipper_->counters().retried.value(), 0U);
  EXPECT_EQ(shipper_->counters().connected.value(), 1U);
}

TEST_F(ShippedSpool, ArrivesOverTcp) {
  append(1, 100);
  RedisUrl url = redis_.tcp_url();
  url.database = 3;
  ship(url);
  ASSERT_TRUE(wait_delivered(100));
  redis_.ask({"SELECT", "3"});
  expect_once({stream()}, 1, 100);
}

TEST_F(ShippedSpool, PutsReceiptsIntoTheirOwnStream) {
  const filters::PurposeNames purposes;
  consent::ConsentReceipt receipt;
  receipt.choice = "accept-all";
  append(1, 1);
  ASSERT_TRUE(spool_->writer(0).append(ConsentRecord{"a", receipt, purposes}));
  append(2, 2);
  ship();
  ASSERT_TRUE(wait_delivered(3));
  expect_once({stream()}, 1, 2);
  const auto receipts = redis_.entries("portvakt:{a/2026-11-22}:consents");
  ASSERT_EQ(receipts.size(), 1U);
  EXPECT_EQ(receipts[0].at("choice"), "accept-all");
}

TEST_F(ShippedSpool, PutsEventsIntoTheirOwnStreamAndDropsThemWithTheirDay) {
  clock_.set_wall(std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()) -
                  std::chrono::days{31});
  const std::string day = day_text(day_of(clock_.wall()));
  EventRecord event;
  event.site = "a";
  event.event = "leave";
  event.seconds = 7;
  ASSERT_TRUE(spool_->writer(0).append(event));  // no consent: nothing is there to deliver
  event.analytics_granted = true;
  ASSERT_TRUE(spool_->writer(0).append(event));
  append(1, 2);
  ship();
  ASSERT_TRUE(wait_delivered(3));
  expect_once({stream("a", day.c_str())}, 1, 2);
  const auto events = redis_.entries("portvakt:{a/" + day + "}:events");
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].at("event"), "leave");
  EXPECT_EQ(events[0].at("seconds"), "7");
  clock_.advance(std::chrono::hours{24 * 31});
  ASSERT_TRUE(wait_until([&] { return shipper_->counters().days_dropped.value() == 1; }));
  EXPECT_EQ(redis_.ask({"EXISTS", "portvakt:{a/" + day + "}:events"}).integer, 0);
}

TEST_F(ShippedSpool, KeepsHostileValuesInOneRecord) {
  const std::string_view nasty[] = {"\r\n*1\r\n$8\r\nFLUSHALL\r\n", std::string_view("a\0b", 3), "\xff\xfe",
                                    "$-1"};
  for (const auto value : nasty) {
    AccessRecord record;
    record.site = "a";
    record.path = value;
    record.referrer = value;
    ASSERT_TRUE(spool_->writer(0).append(record));
  }
  const std::string long_value(64 * 1024, 'x');
  AccessRecord record;
  record.site = "a";
  record.path = long_value;
  ASSERT_TRUE(spool_->writer(0).append(record));
  ship();
  ASSERT_TRUE(wait_delivered(5));
  const auto entries = redis_.entries(stream());
  ASSERT_EQ(entries.size(), 5U);
  EXPECT_EQ(entries[0].at("path"),
            "\xEF\xBF\xBD\xEF\xBF\xBD*1\xEF\xBF\xBD\xEF\xBF\xBD$8\xEF\xBF\xBD\xEF\xBF\xBD"
            "FLUSHALL\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(entries[4].at("path").size(), kMaxFieldBytes);
}

TEST_F(ShippedSpool, StopDeliversWhatIsLeft) {
  ship();
  append(1, 5000);
  shipper_->stop(std::chrono::minutes{1});
  expect_once({stream()}, 1, 5000);
  EXPECT_EQ(shipper_->counters().delivered.value(), 5000U);
}

TEST_F(ShippedSpool, StopDoesNotWaitForAServerThatIsDown) {
  redis_.kill();
  append(1, 10);
  ship();
  ASSERT_TRUE(wait_until([&] { return shipper_->counters().failures.value() >= 2; }));
  const auto before = std::chrono::steady_clock::now();
  shipper_->stop(std::chrono::seconds{5});
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds{2});
  redis_.start();
  ship();
  ASSERT_TRUE(wait_delivered(10));
  expect_once({stream()}, 1, 10);
}

TEST_F(ShippedSpool, GoesOnWhereAnEarlierShipperStopped) {
  for (int round = 0; round < 5; ++round) {
    append(round * 2000 + 1, round * 2000 + 2000);
    ship();
    if (round % 2 == 0) shipper_->stop(milliseconds{0});
    open_spool();
  }
  ship();
  ASSERT_TRUE(wait_until([&] { return redis_.length(stream()) >= 10000; }));
  expect_once({stream()}, 1, 10000);
}

TEST_F(ShippedSpool, ChangesKeysAtMidnight) {
  clock_.set_wall(std::chrono::sys_days{std::chrono::year{2028} / 2 / 28} + std::chrono::hours{23});
  ship();
  append(1, 50);
  ASSERT_TRUE(wait_delivered(50));
  clock_.advance(std::chrono::hours{2});
  append(51, 100);
  ASSERT_TRUE(wait_delivered(100));
  clock_.advance(std::chrono::hours{24});
  append(101, 150);
  ASSERT_TRUE(wait_delivered(150));
  expect_once({stream("a", "2028-02-28")}, 1, 50);
  expect_once({stream("a", "2028-02-29")}, 51, 100);
  expect_once({stream("a", "2028-03-01")}, 101, 150);
}

TEST_F(ShippedSpool, DropsEachKindInItsOwnTimeAndNothingStaysBehind) {
  const Retention retention{std::chrono::hours{24 * 2}, std::chrono::hours{24 * 10}, std::chrono::hours{24}};
  AccessRecord request;
  request.site = "a";
  request.analytics_granted = true;
  request.visitor = "v1";
  EventRecord event;
  event.site = "a";
  event.event = "view";
  event.analytics_granted = true;
  event.visitor = "v1";
  const filters::PurposeNames purposes;
  consent::ConsentReceipt receipt;
  receipt.state.granted.add(filters::kAnalytics);
  receipt.state.visitor_id = "v1";
  ASSERT_TRUE(spool_->writer(0).append(request));
  ASSERT_TRUE(spool_->writer(0).append(event));
  ASSERT_TRUE(spool_->writer(0).append(ConsentRecord{"a", receipt, purposes}));
  ship();
  ASSERT_TRUE(wait_delivered(3));
  shipper_->stop(milliseconds{0});
  StopSignal stop;
  RedisClient client(redis_.unix_url(), {std::chrono::seconds{5}, std::chrono::seconds{30}}, stop);
  ASSERT_TRUE(client.connect());
  const auto left_after = [&](int days) {
    const auto now = clock_.wall() + std::chrono::days{days};
    EXPECT_TRUE(drop_old_days(client, "portvakt", "a", retention, now));
    std::set<std::string> left;
    for (const auto& key : redis_.ask({"KEYS", "portvakt:{a/*"}).items)
      left.insert(key.text.substr(key.text.find("}:") + 2));
    return left;
  };
  using Left = std::set<std::string>;
  EXPECT_EQ(left_after(1).size(), 7U);
  EXPECT_EQ(left_after(2), (Left{"requests", "visitors", "consents", "visitors:consents", "sent"}));
  EXPECT_EQ(left_after(3), (Left{"consents", "visitors:consents", "sent"}));
  EXPECT_EQ(left_after(10).size(), 3U);
  EXPECT_EQ(left_after(11), Left());
  EXPECT_EQ(redis_.ask({"EXISTS", "portvakt:{a}:days"}).integer, 0);
}

TEST_F(ShippedSpool, DropsDaysPastTheirTime) {
  // What is dropped is past its time by the server's clock, too: so this begins 31 days ago.
  const auto begin =
      std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()) - std::chrono::days{31};
  clock_.set_wall(begin);
  const std::string first = day_text(day_of(clock_.wall())), middle = day_text(day_of(clock_.wall()) + 15);
  ship();
  append(1, 10);
  ASSERT_TRUE(wait_delivered(10));
  clock_.advance(std::chrono::hours{24 * 15});
  append(11, 20);
  ASSERT_TRUE(wait_delivered(20));
  clock_.advance(std::chrono::hours{24 * 15});  // the first day ended less than 30 days ago
  append(21, 21);
  ASSERT_TRUE(wait_delivered(21));
  EXPECT_EQ(redis_.length(stream("a", first.c_str())), 10);
  clock_.advance(std::chrono::hours{24});
  ASSERT_TRUE(wait_until([&] { return shipper_->counters().days_dropped.value() == 1; }));
  EXPECT_EQ(redis_.ask({"EXISTS", stream("a", first.c_str()), "portvakt:{a/" + first + "}:sent"}).integer, 0);
  EXPECT_EQ(redis_.ask({"ZCARD", "portvakt:{a}:days"}).integer, 2);
  EXPECT_EQ(redis_.length(stream("a", middle.c_str())), 10);
}

}  // namespace
}  // namespace portvakt::logs
