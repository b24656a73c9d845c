// What the store forgets, hides and keeps.
#include <gtest/gtest.h>

#include "insights/database.h"
#include "insights/store_schema.h"
#include "proxy/base/ascii.h"
#include "proxy/base/file.h"
#include "proxy/logs/records/subject.h"
#include "tests/insights/made_records.h"

namespace portvakt::insights {
namespace {

std::string visitor(int number) {
  return "made-up-visitor-" + std::to_string(number);
}

/// `count` visitors of one page view each, and one more each on the day before.
RecordBatch visits(int count) {
  RecordBatch batch{"s", "", "1", {}};
  std::uint64_t sequence = 0;
  for (int i = 1; i <= count; ++i) {
    for (const Day day : {kToday - 1, kToday}) {
      batch.records.push_back(made_record(logs::RecordKind::Access, ++sequence, day,
                                          {{"method", "GET"},
                                           {"path", "/"},
                                           {"status", "200"},
                                           {"purposes", "necessary, analytics"},
                                           {"visitor", visitor(i)}}));
    }
  }
  return batch;
}

SourceRecord notice(std::uint64_t sequence, int number, Day before) {
  return {logs::RecordKind::Erasure,
          {{"id", "00ff00ff00ff00ff-1-" + std::to_string(sequence)},
           {"t", std::to_string(kToday * kDayMilliseconds)},
           {"site", "a"},
           {"subject", logs::subject_of("a", visitor(number))},
           {"before", std::to_string(before * kDayMilliseconds)}}};
}

/// Whether any of the store's files holds one of the texts.
bool files_hold(const ScratchStore& store, const std::string& text) {
  for (const char* suffix : {"", "-wal", "-shm"}) {
    const auto bytes = read_file(store.file.string() + suffix);
    if (bytes && bytes->find(text) != std::string::npos) return true;
  }
  return false;
}

std::vector<std::string> names_of(int number) {
  const auto subject = logs::subject_of("a", visitor(number));
  return {visitor(number), subject, *ascii::parse_base64url(subject),
          ascii::hex(*ascii::parse_base64url(subject))};
}

TEST(Upkeep, AnErasedVisitorIsGoneFromFiguresAndFilesToTheLastByte) {
  ScratchStore store;
  ASSERT_EQ(store->take(visits(3000)), 6000U);
  ASSERT_TRUE(store->settle());
  EXPECT_EQ(totals_of(*store.reports).figures.visitors, 3000);
  const auto raw = names_of(7)[2];
  EXPECT_TRUE(files_hold(store, raw)) << "or the search proves nothing";
  EXPECT_FALSE(files_hold(store, visitor(7)));
  RecordBatch batch{"e", "", "1", {}};
  for (int i = 1; i <= 40; ++i)
    batch.records.push_back(notice(static_cast<std::uint64_t>(i), i * 7, kToday + 1));
  ASSERT_EQ(store->take(batch), 40U);
  ASSERT_TRUE(store->scrub());
  for (int i = 1; i <= 40; ++i) {
    for (const auto& name : names_of(i * 7)) EXPECT_FALSE(files_hold(store, name)) << i;
  }
  EXPECT_TRUE(files_hold(store, names_of(8)[2])) << "others stay";
  EXPECT_EQ(totals_of(*store.reports).figures.visitors, 2960);
  EXPECT_EQ(totals_of(*store.reports).figures.visits, 5920);
  EXPECT_EQ(totals_of(*store.reports).figures.views, 5920);
}

TEST(Upkeep, WhatWasErasedDoesNotComeBackLateAndWhatIsNewerStays) {
  ScratchStore store;
  ASSERT_EQ(store->take({"e", "", "1", {notice(1, 1, kToday)}}), 1U);
  ASSERT_EQ(store->take(visits(2)), 3U) << "the first visitor's record of the day before is refused";
  EXPECT_EQ(totals_of(*store.reports).figures.visits, 3);
  ASSERT_EQ(store->take({"e", "1", "2", {notice(2, 2, kToday)}}), 1U);
  EXPECT_EQ(totals_of(*store.reports).figures.visits, 2);
  EXPECT_EQ(totals_of(*store.reports).figures.visitors, 2);
}

TEST(Upkeep, ScrubbingWaitsForAReaderAndIsDoneLater) {
  ScratchStore store;
  ASSERT_EQ(store->take(visits(10)), 20U);
  ASSERT_EQ(store->take({"e", "", "1", {notice(1, 3, kToday + 1)}}), 1U);
  store.close();
  store.store = store.open();  // as after a crash
  ASSERT_TRUE(store->scrub());
  EXPECT_FALSE(files_hold(store, names_of(3)[2]));
}

TEST(Upkeep, RestrictedVisitorsAreHiddenAsLongAsTheyAre) {
  ScratchStore store;
  ASSERT_EQ(store->take(visits(10)), 20U);
  while (store->settle().value_or(false)) {
  }
  EXPECT_EQ(totals_of(*store.reports).figures.visitors, 10);
  ASSERT_TRUE(store->restrict("a", {logs::subject_of("a", visitor(3)), logs::subject_of("a", visitor(4))}));
  EXPECT_EQ(totals_of(*store.reports).figures.visitors, 8);
  ASSERT_TRUE(store->restrict("a", {logs::subject_of("a", visitor(3))}));
  EXPECT_EQ(totals_of(*store.reports).figures.visitors, 9);
  ASSERT_TRUE(store->restrict("a", {}));
  EXPECT_EQ(totals_of(*store.reports).figures.visits, 20);
}

TEST(Upkeep, DaysPastTheirTimeKeepCountsAndNobody) {
  ScratchStore store;
  ASSERT_EQ(store->take(visits(10)), 20U);
  const auto kept = store->retain("a", {kToday, 0});
  ASSERT_TRUE(kept) << kept.error().detail;
  ASSERT_TRUE(store->scrub());
  auto totals = totals_of(*store.reports);
  EXPECT_EQ(totals.figures.visits, 20);
  EXPECT_EQ(totals.figures.views, 20);
  EXPECT_EQ(totals.figures.visitors, 20) << "those of yesterday are nobody any more";
  ASSERT_TRUE(store->retain("a", {kToday + 1, 0}));
  ASSERT_TRUE(store->scrub());
  for (int i = 1; i <= 10; ++i) EXPECT_FALSE(files_hold(store, names_of(i)[2])) << i;
  EXPECT_EQ(totals_of(*store.reports).figures.visits, 20);
  // What comes for such a day is too late.
  auto late = visits(11);
  late.stream = "late";
  EXPECT_EQ(store->take(late), 0U);
  ASSERT_TRUE(store->retain("a", {kToday + 1, kToday}));
  EXPECT_EQ(totals_of(*store.reports).figures.visits, 10);
  ASSERT_TRUE(store->retain("a", {kToday + 1, kToday + 1}));
  EXPECT_EQ(totals_of(*store.reports).figures.views, 0);
}

TEST(Migrations, AreMadeOneAfterTheOtherOrNotAtAll) {
  const logs::ScratchFolder folder;
  const auto file = folder.path() / "some.db";
  auto database = Database::open(file);
  ASSERT_TRUE(database);
  const char* const first[] = {"CREATE TABLE one (a)"};
  const char* const broken[] = {"CREATE TABLE one (a)", "CREATE TABLE two (a)", "CREATE TABLE one (a)"};
  const char* const second[] = {"CREATE TABLE one (a)", "ALTER TABLE one ADD COLUMN b"};
  ASSERT_TRUE(migrate(**database, first));
  ASSERT_TRUE(migrate(**database, first));
  ASSERT_TRUE((*database)->run("INSERT INTO one VALUES (1)"));
  ASSERT_FALSE(migrate(**database, broken));
  EXPECT_FALSE((*database)->prepare("SELECT * FROM two")) << "a step of a failed migration stays undone";
  ASSERT_TRUE(migrate(**database, second));
  auto row = (*database)->prepare("SELECT a, b FROM one");
  ASSERT_TRUE(row);
  EXPECT_EQ(row->step(), true);
  EXPECT_EQ(migrate(**database, first).error().kind, ErrorKind::Unsupported);
}

}  // namespace
}  // namespace portvakt::insights
