#include "proxy/logs/shipping/visitor_index.h"

#include <algorithm>

#include "proxy/logs/records/subject.h"
#include "tests/logs/shipper_fixture.h"

namespace portvakt::logs {
namespace {

class IndexedSpool : public ShippedSpool {
 protected:
  void visit(std::string_view visitor, int first, int last) {
    for (int i = first; i <= last; ++i) {
      const std::string path = "/" + std::to_string(i);
      AccessRecord record;
      record.time = clock_.wall();
      record.site = "a";
      record.path = path;
      record.analytics_granted = !visitor.empty();
      record.visitor = visitor;
      ASSERT_TRUE(spool_->writer(0).append(record));
    }
  }
  std::string field(const std::string& name, const char* key = "visitors") {
    return redis_.ask({"HGET", std::string("portvakt:{a/2026-11-22}:") + key, name}).text;
  }
  /// The paths of the requests that the entries name.
  std::vector<std::string> paths(const std::vector<std::string>& entries) {
    std::vector<std::string> found;
    for (const auto& entry : entries) {
      const RedisReply reply = redis_.ask({"XRANGE", stream(), entry, entry});
      if (reply.items.size() != 1) return {};
      const auto& fields = reply.items[0].items[1].items;
      const auto name = std::ranges::find(fields, "path", &RedisReply::text);
      found.push_back(std::next(name)->text);
    }
    return found;
  }
};

TEST_F(IndexedSpool, NamesTheEntriesOfEachVisitor) {
  visit("v1", 1, 2);
  visit("", 3, 5);
  visit("v2", 6, 6);
  visit("v1", 7, 7);
  ship();
  ASSERT_TRUE(wait_delivered(7));
  EXPECT_EQ(redis_.ask({"HLEN", "portvakt:{a/2026-11-22}:visitors"}).integer, 2);
  EXPECT_EQ(paths(parse_index(field(subject_of("a", "v1"))).entries),
            (std::vector<std::string>{"/1", "/2", "/7"}));
  EXPECT_EQ(paths(parse_index(field(subject_of("a", "v2"))).entries), std::vector<std::string>{"/6"});
}

TEST_F(IndexedSpool, HoldsNoVisitorId) {
  visit("recognisable-visitor", 1, 3);
  ship();
  ASSERT_TRUE(wait_delivered(3));
  for (const auto& item : redis_.ask({"HGETALL", "portvakt:{a/2026-11-22}:visitors"}).items)
    EXPECT_EQ(item.text.find("recognisable"), std::string::npos);
}

TEST_F(IndexedSpool, HasAHashForReceiptsAndOneForEvents) {
  const filters::PurposeNames purposes;
  consent::ConsentReceipt receipt;
  receipt.state.granted.add(filters::kAnalytics);
  receipt.state.visitor_id = "v1";
  ASSERT_TRUE(spool_->writer(0).append(ConsentRecord{"a", receipt, purposes}));
  EventRecord event;
  event.site = "a";
  event.event = "view";
  event.analytics_granted = true;
  event.visitor = "v1";
  ASSERT_TRUE(spool_->writer(0).append(event));
  ship();
  ASSERT_TRUE(wait_delivered(2));
  EXPECT_EQ(parse_index(field(subject_of("a", "v1"), "visitors:consents")).entries.size(), 1U);
  EXPECT_EQ(parse_index(field(subject_of("a", "v1"), "visitors:events")).entries.size(), 1U);
  EXPECT_EQ(redis_.ask({"EXISTS", "portvakt:{a/2026-11-22}:visitors"}).integer, 0);
}

TEST_F(IndexedSpool, MovesLongListsIntoFurtherFields) {
  visit("busy", 1, 1250);
  ship();
  ASSERT_TRUE(wait_delivered(1250));
  const std::string subject = subject_of("a", "busy");
  const IndexValue newest = parse_index(field(subject));
  ASSERT_EQ(newest.moved, 3U);
  std::vector<std::string> entries;
  for (std::uint64_t i = 1; i <= newest.moved; ++i) {
    const IndexValue older = parse_index(field(subject + ":" + std::to_string(i)));
    entries.insert(entries.end(), older.entries.begin(), older.entries.end());
  }
  entries.insert(entries.end(), newest.entries.begin(), newest.entries.end());
  const auto found = paths(entries);
  ASSERT_EQ(found.size(), 1250U);
  for (int i = 0; i < 1250; ++i) ASSERT_EQ(found[i], "/" + std::to_string(i + 1));
}

TEST_F(IndexedSpool, ABatchLeavesOutWhatAStandingErasureCovers) {
  const auto now = clock_.wall().time_since_epoch().count();
  redis_.ask({"HSET", "portvakt:{a/2026-11-22}:orders", subject_of("a", "gone"), std::to_string(now + 1)});
  redis_.ask({"HSET", "portvakt:{a/2026-11-22}:orders", subject_of("a", "back"), std::to_string(now)});
  visit("gone", 1, 3);
  visit("back", 4, 5);
  visit("other", 6, 7);
  ship();
  ASSERT_TRUE(wait_delivered(7));
  expect_once({stream()}, 4, 7);
  EXPECT_EQ(field("dropped", "orders"), "3");
  EXPECT_EQ(redis_.ask({"HLEN", "portvakt:{a/2026-11-22}:visitors"}).integer, 2);
}

TEST_F(IndexedSpool, ACoveredReceiptIsKeptWithoutItsVisitor) {
  redis_.ask({"HSET", "portvakt:{a/2026-11-22}:orders", subject_of("a", "gone"), "9999999999999"});
  const filters::PurposeNames purposes;
  consent::ConsentReceipt receipt;
  receipt.receipt_id = "r1";
  receipt.state.granted.add(filters::kAnalytics);
  receipt.state.visitor_id = "gone";
  ASSERT_TRUE(spool_->writer(0).append(ConsentRecord{"a", receipt, purposes}));
  ship();
  ASSERT_TRUE(wait_delivered(1));
  const auto receipts = redis_.entries("portvakt:{a/2026-11-22}:consents");
  ASSERT_EQ(receipts.size(), 1U);
  EXPECT_EQ(receipts[0].at("receipt"), "r1");
  EXPECT_FALSE(receipts[0].contains("visitor"));
  EXPECT_EQ(redis_.ask({"EXISTS", "portvakt:{a/2026-11-22}:visitors:consents"}).integer, 0);
}

TEST_F(IndexedSpool, ADayBeginsWithTheStandingErasuresOfItsSite) {
  const auto before = (clock_.wall() + std::chrono::minutes{1}).time_since_epoch().count();
  redis_.ask({"HSET", "portvakt:{a}:orders", subject_of("a", "gone"), std::to_string(before)});
  visit("gone", 1, 3);
  clock_.advance(std::chrono::hours{24});
  ship();  // the records of yesterday come today
  visit("gone", 4, 4);
  ASSERT_TRUE(wait_delivered(4));
  expect_once({stream("a", "2026-11-23")}, 4, 4);
}

TEST(VisitorIndex, ReadsWhatIsWhole) {
  using namespace std::string_literals;
  const std::string entry = "\x01\xA2\x05\x8F\x80\x00\x00\x00\x00\x02"s;
  EXPECT_EQ(parse_index(entry).entries, std::vector<std::string>{"1795389620224-2"});
  EXPECT_EQ(parse_index(entry + entry.substr(0, 9)).entries.size(), 1U);
  EXPECT_TRUE(parse_index("").entries.empty());
  EXPECT_EQ(parse_index("\0\0\0\0\0\0\0\0\0\x07"s + entry).moved, 7U);
}

}  // namespace
}  // namespace portvakt::logs
