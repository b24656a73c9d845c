#include "proxy/logs/subjects/erasure_job.h"

#include <algorithm>

#include "tests/logs/erasure_fixture.h"

namespace portvakt::logs {
namespace {

constexpr const char* kDay = "portvakt:{a/2026-11-22}:";

class Erased : public Visited {
 protected:
  /// Whether any file of Redis holds the text.
  bool on_disk(const std::string& text) { return redis_.files_hold(text); }
  std::string key(const char* name) { return std::string(kDay) + name; }
  void order(std::string_view visitor) {
    ASSERT_TRUE(store().order_erasure("a", subject_of("a", visitor), "op-1", clock_.wall(),
                                      erase_before(clock_.wall()), Actor::Operator));
  }
};

TEST_F(Erased, LeavesNoByteInRedisAndOthersUntouched) {
  visit("other-visitor-kept", 1, 300);
  visit("recognisable-visitor", 301, 400);
  choose("recognisable-visitor");
  click("recognisable-visitor");
  visit("other-visitor-kept", 401, 600);
  choose("other-visitor-kept");
  ship();
  ASSERT_TRUE(wait_delivered(603));
  ASSERT_TRUE(on_disk("recognisable-visitor"));
  const auto before = rows("other-visitor-kept");
  order("recognisable-visitor");
  ASSERT_TRUE(finish_erasures());
  EXPECT_FALSE(on_disk("recognisable-visitor"));
  EXPECT_TRUE(on_disk("other-visitor-kept"));
  EXPECT_TRUE(rows("recognisable-visitor").empty());
  const auto after = rows("other-visitor-kept");
  ASSERT_EQ(after.size(), 501U);
  for (std::size_t i = 0; i < after.size(); ++i) {
    EXPECT_EQ(after[i].entry, before[i].entry);
    EXPECT_EQ(after[i].fields, before[i].fields);
  }
}

TEST_F(Erased, HidesAtOnceAndWritesAnewLater) {
  settings_.gather = std::chrono::hours{1};
  visit("gone", 1, 10);
  visit("kept", 11, 20);
  ship();
  ASSERT_TRUE(wait_delivered(20));
  order("gone");
  ASSERT_TRUE(job().round());
  EXPECT_TRUE(rows("gone").empty());
  EXPECT_EQ(redis_.length(stream()), 10);
  EXPECT_EQ(erasures_.waiting.value(), 1U);
  EXPECT_EQ(erasures_.rows.value(), 10U);
  EXPECT_EQ(redis_.ask({"HGET", key("orders"), "rewrite:requests"}).text, "1");
  clock_.advance(std::chrono::hours{1});
  ASSERT_TRUE(finish_erasures());
  EXPECT_EQ(redis_.ask({"HEXISTS", key("orders"), "rewrite:requests"}).integer, 0);
  EXPECT_EQ(redis_.ask({"EXISTS", "portvakt:{a}:erasing"}).integer, 0);
}

TEST_F(Erased, KeepsEntryIdsGroupsAndWhatTheyHaveNotAcknowledged) {
  visit("kept", 1, 5);
  visit("gone", 6, 10);
  visit("kept", 11, 15);
  ship();
  ASSERT_TRUE(wait_delivered(15));
  redis_.ask({"XGROUP", "CREATE", stream(), "readers", "0"});
  redis_.ask({"XREADGROUP", "GROUP", "readers", "one", "COUNT", "8", "STREAMS", stream(), ">"});
  const auto first = redis_.ask({"XRANGE", stream(), "-", "+", "COUNT", "1"}).items[0].items[0].text;
  redis_.ask({"XACK", stream(), "readers", first});
  const auto last = redis_.ask({"XREVRANGE", stream(), "+", "-", "COUNT", "1"}).items[0].items[0].text;
  order("gone");
  ASSERT_TRUE(finish_erasures());
  EXPECT_EQ(redis_.ask({"XRANGE", stream(), "-", "+", "COUNT", "1"}).items[0].items[0].text, first);
  EXPECT_EQ(redis_.ask({"XREVRANGE", stream(), "+", "-", "COUNT", "1"}).items[0].items[0].text, last);
  EXPECT_EQ(redis_.ask({"XPENDING", stream(), "readers"}).items[0].integer, 4) << "/2 to /5 of the kept";
  const auto rest = redis_.ask({"XREADGROUP", "GROUP", "readers", "one", "STREAMS", stream(), ">"});
  ASSERT_EQ(rest.items.size(), 1U);
  EXPECT_EQ(rest.items[0].items[1].items.size(), 5U) << "/11 to /15, nothing twice";
}

TEST_F(Erased, AnEmptyStreamKeepsItsLastId) {
  visit("gone", 1, 3);
  ship();
  ASSERT_TRUE(wait_delivered(3));
  const auto before = redis_.ask({"XINFO", "STREAM", stream()});
  order("gone");
  ASSERT_TRUE(finish_erasures());
  const auto after = redis_.ask({"XINFO", "STREAM", stream()});
  const auto id = [](const RedisReply& reply) {
    return std::next(std::ranges::find(reply.items, "last-generated-id", &RedisReply::text))->text;
  };
  EXPECT_EQ(redis_.length(stream()), 0);
  EXPECT_EQ(id(after), id(before));
}

TEST_F(Erased, RecordsThatComeWhileAStreamIsWrittenAnewAreThereOnce) {
  visit("kept", 1, 4000);
  visit("gone", 1, 1);
  ship();
  ASSERT_TRUE(wait_delivered(4001));
  order("gone");
  std::thread more([&] {
    for (int i = 0; i < 40; ++i) visit("kept", 4001 + i * 100, 4100 + i * 100, 1);
  });
  EXPECT_TRUE(finish_erasures());
  more.join();
  ASSERT_TRUE(wait_delivered(8001));
  expect_once({stream()}, 1, 8000);
  EXPECT_EQ(rows("kept").size(), 8000U);
}

TEST_F(Erased, WhatTheVisitorDidLaterStays) {
  visit("back", 1, 5);
  ship();
  ASSERT_TRUE(wait_delivered(5));
  order("back");
  clock_.advance(std::chrono::minutes{2});
  visit("back", 6, 8);
  ASSERT_TRUE(wait_delivered(8));
  ASSERT_TRUE(finish_erasures());
  EXPECT_EQ(rows("back").size(), 3U);
  expect_once({stream()}, 6, 8);
}

TEST_F(Erased, AVisitorsOrderComesThroughTheSpool) {
  visit("gone", 1, 5);
  visit("kept", 6, 6);
  press_erase("gone");
  ship();
  ASSERT_TRUE(wait_delivered(7));
  ASSERT_TRUE(finish_erasures());
  expect_once({stream()}, 6, 6);
  EXPECT_EQ(redis_.length(key("erasures")), 0);
  const auto notices = redis_.entries("portvakt:{a}:erasures");
  ASSERT_EQ(notices.size(), 1U);
  EXPECT_EQ(notices[0].at("id"), SpoolReader(*spool_).id(0) + "-7");
  EXPECT_EQ(redis_.entries("portvakt:{a}:audit").front().at("by"), "visitor");
}

TEST_F(Erased, AReceiptStaysWithoutItsVisitor) {
  choose("gone");
  ship();
  ASSERT_TRUE(wait_delivered(1));
  order("gone");
  ASSERT_TRUE(finish_erasures());
  EXPECT_EQ(redis_.length(key("consents")), 0);
  const auto kept = redis_.entries(key("erased"));
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_EQ(kept[0].at("receipt"), "receipt-" + subject_of("a", "gone"));
  EXPECT_FALSE(kept[0].contains("visitor"));
}

TEST_F(Erased, LongListsAreTakenInPieces) {
  visit("busy", 1, 9000);
  visit("kept", 9001, 9010);
  ship();
  ASSERT_TRUE(wait_delivered(9010));
  order("busy");
  ASSERT_TRUE(finish_erasures());
  expect_once({stream()}, 9001, 9010);
  EXPECT_EQ(erasures_.rows.value(), 9000U);
  EXPECT_EQ(redis_.ask({"HLEN", key("visitors")}).integer, 1);
}

TEST_F(Erased, AJobThatEndedIsTakenUpByAnother) {
  visit("gone", 1, 5);
  ship();
  ASSERT_TRUE(wait_delivered(5));
  order("gone");
  settings_.gather = std::chrono::hours{1};
  ASSERT_TRUE(job().round());
  job_.reset();
  redis_.ask({"DEL", "portvakt:{a}:eraser"});
  clock_.advance(std::chrono::hours{1});
  ASSERT_TRUE(finish_erasures());
}

TEST_F(Erased, OneOfTwoJobsWorks) {
  visit("gone", 1, 5);
  ship();
  ASSERT_TRUE(wait_delivered(5));
  ErasureCounters idle;
  ErasureJob second(client_, settings_, clock_, idle);
  ASSERT_TRUE(job().round());
  order("gone");
  ASSERT_TRUE(second.round());
  EXPECT_EQ(idle.rows.value(), 0U);
  ASSERT_TRUE(finish_erasures());
}

TEST_F(Erased, OrdersNoticesAndRestrictionsHaveAnEnd) {
  order("gone");
  ASSERT_TRUE(store().restrict("a", subject_of("a", "gone"), clock_.wall(), Actor::Visitor));
  ASSERT_TRUE(finish_erasures());
  EXPECT_EQ(redis_.ask({"HLEN", "portvakt:{a}:orders"}).integer, 1);
  clock_.advance(settings_.standing + std::chrono::hours{2});
  ASSERT_TRUE(job().round());
  EXPECT_EQ(redis_.ask({"EXISTS", "portvakt:{a}:orders", "portvakt:{a}:restricted"}).integer, 0);
}

TEST_F(Erased, WithoutPermissionForTheFilesRowsAreHiddenAndTheErasureStaysOpen) {
  visit("gone", 1, 5);
  ship();
  ASSERT_TRUE(wait_delivered(5));
  redis_.ask({"ACL", "SETUSER", "default", "-bgsave", "-bgrewriteaof"});
  order("gone");
  const auto done = job().round();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error(), RedisFault::NoPermission);
  EXPECT_EQ(redis_.length(stream()), 0);
  EXPECT_EQ(erasures_.finished.value(), 0U);
  redis_.ask({"ACL", "SETUSER", "default", "+@all"});
  ASSERT_TRUE(finish_erasures());
}

}  // namespace
}  // namespace portvakt::logs
