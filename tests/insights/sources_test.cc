// Real spools, a real shipper and a real Redis in front of the sources.
#include <gtest/gtest.h>

#include "insights/redis_source.h"
#include "insights/spool_source.h"
#include "tests/insights/made_records.h"
#include "tests/logs/shipper_fixture.h"

namespace portvakt::insights {
namespace {

class Sources : public logs::ShippedSpool {
 protected:
  RedisSourceSettings settings() { return {redis_.unix_url(), "portvakt", {"a", "b"}}; }

  void append_choice() {
    consent::ConsentReceipt receipt;
    receipt.choice = "accept-all";
    receipt.state.given_at = clock_.wall();
    receipt.state.granted.add(filters::kAnalytics);
    ASSERT_TRUE(spool_->writer(0).append(logs::ConsentRecord{"a", receipt, {}}));
  }

  ScratchStore store_;
  logs::StopSignal stop_;
};

TEST_F(Sources, ReadWhatTheShipperWroteOnceAcrossDaysSitesAndRestarts) {
  ship();
  append(1, 2500);
  append(2501, 2600, "b");
  append_choice();
  ASSERT_TRUE(wait_delivered(2601));
  EXPECT_EQ(RedisSource(settings(), stop_).poll(*store_), 2601U);
  RedisSource source(settings(), stop_);
  EXPECT_EQ(source.poll(*store_), 0U);
  clock_.advance(std::chrono::hours{24});
  append(2601, 2700);
  ASSERT_TRUE(wait_delivered(2701));
  EXPECT_EQ(source.poll(*store_), 100U);
  EXPECT_EQ(totals_of(*store_.reports, "a").figures.views, 2600);
  EXPECT_EQ(totals_of(*store_.reports, "b").figures.views, 100);
  const auto consent =
      store_.reports->consent({"a", {kToday - 9, kToday + 9}, Comparison::None, {}, {}}, Granularity::Days);
  ASSERT_TRUE(consent);
  EXPECT_EQ(consent->now.accepted, 1);
}

TEST_F(Sources, GoOnAfterRedisWasAway) {
  ship();
  append(1, 300);
  ASSERT_TRUE(wait_delivered(300));
  RedisSource source(settings(), stop_);
  ASSERT_EQ(source.poll(*store_), 300U);
  redis_.kill();
  EXPECT_FALSE(source.poll(*store_));
  redis_.start();
  append(301, 400);
  ASSERT_TRUE(wait_delivered(400));
  EXPECT_EQ(source.poll(*store_), 100U);
  EXPECT_EQ(totals_of(*store_.reports, "a").figures.views, 400);
}

TEST_F(Sources, CountOnceWhatRedisLostAndGotAgain) {
  ship();
  append(1, 1000);
  ASSERT_TRUE(wait_delivered(1000));
  RedisSource source(settings(), stop_);
  ASSERT_EQ(source.poll(*store_), 1000U);
  redis_.kill();
  redis_.lose_tail(40000);
  redis_.start();
  append(1001, 1100);
  ASSERT_TRUE(logs::wait_until([&] { return redis_.length(stream()) == 1100; }));
  EXPECT_FALSE(source.poll(*store_)) << "its connection was to the one that was killed";
  EXPECT_EQ(source.poll(*store_), 100U);
  EXPECT_EQ(totals_of(*store_.reports, "a").figures.views, 1100);
}

TEST_F(Sources, ReadTheSpoolWhereThereIsNoRedis) {
  SpoolSource source(folder_.path());
  append(1, 1500);
  append(1501, 1600, "b", 1);
  append_choice();
  EXPECT_EQ(source.poll(*store_), 1601U);
  EXPECT_EQ(source.poll(*store_), 0U);
  append(1601, 3600);  // into segments that follow
  EXPECT_EQ(SpoolSource(folder_.path()).poll(*store_), 2000U);
  EXPECT_EQ(totals_of(*store_.reports, "a").figures.views, 3500);
  EXPECT_EQ(totals_of(*store_.reports, "b").figures.views, 100);
  EXPECT_FALSE(SpoolSource(folder_.path() / "missing").poll(*store_));
}

}  // namespace
}  // namespace portvakt::insights
