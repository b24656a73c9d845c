#include "proxy/logs/subjects/subject_store.h"

#include "tests/logs/erasure_fixture.h"

namespace portvakt::logs {
namespace {

std::vector<std::string> paths(const std::vector<SubjectRow>& rows) {
  std::vector<std::string> found;
  for (const auto& row : rows) found.emplace_back(row.value("path"));
  return found;
}

TEST_F(Visited, AVisitorsRowsAreReadOverAllDaysAndKinds) {
  visit("v1", 1, 2);
  visit("v2", 3, 3);
  choose("v1");
  click("v1");
  ship();
  ASSERT_TRUE(wait_delivered(5));
  clock_.advance(std::chrono::hours{24});
  visit("v1", 6, 6);
  ASSERT_TRUE(wait_delivered(6));
  const auto found = rows("v1");
  EXPECT_EQ(paths(found), (std::vector<std::string>{"/1", "/2", "", "", "/6"}));
  EXPECT_EQ(found[2].kind, RecordKind::Consent);
  EXPECT_EQ(found[2].value("receipt"), "receipt-" + subject_of("a", "v1"));
  EXPECT_EQ(found[3].kind, RecordKind::Event);
  EXPECT_EQ(found[4].day, "2026-11-23");
  EXPECT_TRUE(rows("nobody").empty());
}

TEST_F(Visited, ALongListOfRowsIsReadWhole) {
  visit("busy", 1, 1500);
  ship();
  ASSERT_TRUE(wait_delivered(1500));
  const auto found = rows("busy");
  ASSERT_EQ(found.size(), 1500U);
  for (int i = 0; i < 1500; ++i) ASSERT_EQ(found[i].value("path"), "/" + std::to_string(i + 1));
}

TEST_F(Visited, ReadingStopsWhenTheReaderHasEnough) {
  visit("v1", 1, 10);
  ship();
  ASSERT_TRUE(wait_delivered(10));
  int seen = 0;
  EXPECT_EQ(store().read("a", subject_of("a", "v1"), [&](SubjectRow&&) { return ++seen < 3; }), 3U);
}

TEST_F(Visited, ARestrictionStandsUntilItIsReleased) {
  const std::string subject = subject_of("a", "v1");
  EXPECT_EQ(*store().restricted_since("a", subject), std::nullopt);
  ASSERT_TRUE(store().restrict("a", subject, clock_.wall(), Actor::Visitor));
  const WallTime since = clock_.wall();
  clock_.advance(std::chrono::hours{1});
  ASSERT_TRUE(store().restrict("a", subject, clock_.wall(), Actor::Visitor));
  EXPECT_EQ(*store().restricted_since("a", subject), since);
  EXPECT_TRUE(*store().release("a", subject, clock_.wall(), Actor::Operator));
  EXPECT_FALSE(*store().release("a", subject, clock_.wall(), Actor::Operator));
  EXPECT_EQ(*store().restricted_since("a", subject), std::nullopt);
  const auto audit = redis_.entries("portvakt:{a}:audit");
  ASSERT_EQ(audit.size(), 2U);
  EXPECT_EQ(audit[0].at("what") + " " + audit[0].at("by"), "restrict visitor");
  EXPECT_EQ(audit[1].at("what") + " " + audit[1].at("by"), "release operator");
}

TEST_F(Visited, AnErasureIsEnteredOnceAndAgainOnlyWhenItReachesFurther) {
  const std::string subject = subject_of("a", "v1");
  const WallTime now = clock_.wall();
  EXPECT_TRUE(*store().order_erasure("a", subject, "p-1", now, now, Actor::Visitor));
  EXPECT_FALSE(*store().order_erasure("a", subject, "p-1", now, now, Actor::Visitor));
  EXPECT_TRUE(
      *store().order_erasure("a", subject, "p-2", now, now + std::chrono::seconds{1}, Actor::Operator));
  const auto notices = redis_.entries("portvakt:{a}:erasures");
  ASSERT_EQ(notices.size(), 2U);
  EXPECT_EQ(notices[0].at("id"), "p-1");
  EXPECT_EQ(notices[0].at("subject"), subject);
  EXPECT_EQ(notices[0].at("before"), std::to_string(now.time_since_epoch().count()));
  EXPECT_EQ(redis_.entries("portvakt:{a}:audit").size(), 2U);
}

TEST_F(Visited, AReceiptTellsWhoseItIs) {
  choose("v1");
  choose("v2");
  ship();
  ASSERT_TRUE(wait_delivered(2));
  EXPECT_EQ(*store().find_receipt("a", "receipt-" + subject_of("a", "v2")), subject_of("a", "v2"));
  EXPECT_EQ(*store().find_receipt("a", "receipt-" + subject_of("a", "v3")), "");
}

}  // namespace
}  // namespace portvakt::logs
