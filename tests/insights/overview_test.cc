// Ten thousand generated records whose truth the generator keeps in counters of its own, against what the
// reports say.
#include "insights/overview.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "tests/insights/made_records.h"

namespace portvakt::insights {
namespace {

constexpr int kRecords = 10000;
constexpr Period kMonth{kToday - 29, kToday};

using Counts = std::map<std::string, Count>;

struct Truth {
  OverviewTotals totals;
  std::map<Day, Count> days;
  std::map<Ranking, Counts> rankings;
  std::set<std::string> visitors;
  std::set<std::pair<Day, std::string>> visits;
};

void add(Count& count, bool consented) {
  ++count.all;
  if (consented) ++count.consented;
}

class Generator {
 public:
  Truth now, before;

  SourceRecord next() {
    const Day day = kToday - 79 + number(80);  // also days of no report
    consented_ = number(10) < 4;
    Truth ignored;
    Truth& truth = day >= kMonth.first ? now : (day >= kMonth.before().first ? before : ignored);
    switch (number(10)) {
      case 0:
        return asset(day, truth);
      case 1:
        return bot(day, truth);
      case 2:
        return missing(day, truth);
      case 3:
        return choice(day, truth);
      default:
        return view(day, truth);
    }
  }

 private:
  int number(int limit) { return static_cast<int>(random_() % static_cast<unsigned>(limit)); }
  std::string one_of(std::initializer_list<const char*> words) {
    return words.begin()[number(static_cast<int>(words.size()))];
  }
  std::string purposes() const {
    return consented_ ? "necessary, functional, analytics" : "necessary, functional";
  }
  SourceRecord request(Day day, Fields more) {
    auto record = made_record(logs::RecordKind::Access, ++sequence_, day, more);
    record.fields.emplace_back("purposes", purposes());
    return record;
  }

  SourceRecord view(Day day, Truth& truth) {
    const std::string path = one_of({"/", "/a", "/b", "/c/d", "/e.html", "/f", "/g", "/h"});
    const std::string country = one_of({"NO", "SE", "DK", ""}), browser = one_of({"Firefox", "Chrome"});
    const std::string device = one_of({"phone", "desktop"}),
                      from = one_of({"", "/", "x.example", "y.example"});
    const std::string held = consented_ ? "" : one_of({"", "v1", "v1, v2"});
    const std::string visitor = consented_ ? "visitor" + std::to_string(number(300)) : "";
    add(truth.totals.requests, consented_);
    add(truth.totals.views, consented_);
    add(truth.days[day], consented_);
    add(truth.rankings[Ranking::Page][path], consented_);
    add(truth.rankings[Ranking::Country][country], consented_);
    add(truth.rankings[Ranking::Browser][browser], consented_);
    add(truth.rankings[Ranking::Device][device], consented_);
    if (from != "/") add(truth.rankings[Ranking::Referrer][from], consented_);
    if (held.starts_with("v1")) add(truth.rankings[Ranking::Held]["v1"], consented_);
    if (held.ends_with("v2")) add(truth.rankings[Ranking::Held]["v2"], consented_);
    if (consented_) truth.visitors.insert(visitor), truth.visits.emplace(day, visitor);
    const std::string referrer = from.size() > 1 ? "https://www." + from : (from.empty() ? "" : "/earlier");
    return request(day, {{"method", "GET"},
                         {"path", path + "?q=1"},
                         {"status", number(4) == 0 ? "304" : "200"},
                         {"country", country},
                         {"browser", browser},
                         {"device", device},
                         {"referrer", referrer},
                         {"blocked", held},
                         {"visitor", visitor}});
  }
  SourceRecord asset(Day day, Truth& truth) {
    add(truth.totals.requests, consented_);
    return request(
        day, {{"method", "GET"}, {"path", one_of({"/a.css", "/b.js", "/.privacy/"})}, {"status", "200"}});
  }
  SourceRecord bot(Day day, Truth& truth) {
    ++truth.totals.bots;
    return request(day,
                   {{"method", "GET"}, {"path", "/"}, {"status", one_of({"200", "404"})}, {"device", "bot"}});
  }
  SourceRecord missing(Day day, Truth& truth) {
    const std::string path = one_of({"/old", "/gone.pdf"});
    add(truth.totals.requests, consented_);
    ++truth.totals.not_found;
    add(truth.rankings[Ranking::NotFound][path], consented_);
    return request(day, {{"method", "GET"}, {"path", path}, {"status", one_of({"404", "410"})}});
  }
  SourceRecord choice(Day day, Truth& truth) {
    const std::string choice = one_of({"accept-all", "reject-all", "selected"});
    add(truth.rankings[Ranking::Choice][choice], consented_);
    return made_record(logs::RecordKind::Consent, ++sequence_, day,
                       {{"choice", choice}, {"purposes", purposes()}});
  }

  std::mt19937 random_{7};
  std::uint64_t sequence_ = 0;
  bool consented_ = false;
};

/// Feeds records in uneven batches, each twice.
void feed(Store& store, Generator& generator) {
  RecordBatch batch{"s", "", "", {}};
  for (int i = 1; i <= kRecords; ++i) {
    batch.records.push_back(generator.next());
    if (i % 700 != 0 && i != kRecords) continue;
    batch.up_to = std::to_string(i);
    ASSERT_EQ(store.take(batch), batch.records.size());
    ASSERT_EQ(store.take(batch), 0U);
    batch = {"s", std::to_string(i), "", {}};
  }
}

std::vector<RankedRow> ranked(const Counts& counts) {
  std::vector<RankedRow> rows;
  for (const auto& [name, count] : counts) rows.push_back({name, count});
  std::ranges::sort(rows, [](const RankedRow& left, const RankedRow& right) {
    return left.count.all != right.count.all ? left.count.all > right.count.all : left.name < right.name;
  });
  return rows;
}

OverviewTotals flat_truth(Truth& truth) {
  truth.totals.visitors = static_cast<std::int64_t>(truth.visitors.size());
  truth.totals.visits = static_cast<std::int64_t>(truth.visits.size());
  return truth.totals;
}

TEST(Reports, EqualAnIndependentCount) {
  const ScratchStore store;
  Generator generator;
  feed(*store, generator);
  const auto report = make_report(*store.reports, "a", kMonth);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->now, flat_truth(generator.now));
  EXPECT_EQ(report->before, flat_truth(generator.before));
  EXPECT_GT(report->now.visitors, 100);
  ASSERT_EQ(report->days.size(), 30U);
  for (const auto& row : report->days) EXPECT_EQ(row.views, generator.now.days[row.day]) << row.day;
  ASSERT_EQ(report->tables.size(), kRankings.size());
  for (const auto& table : report->tables) {
    EXPECT_EQ(table.rows, ranked(generator.now.rankings[table.by])) << static_cast<int>(table.by);
  }
}

TEST(Reports, OfAnUnknownSiteAreEmpty) {
  const ScratchStore store;
  const auto report = make_report(*store.reports, "nobody", kMonth);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->now, OverviewTotals());
  EXPECT_EQ(report->days.size(), 30U);
}

TEST(Reports, SharesAndChangesAreRounded) {
  EXPECT_EQ(share({0, 0}), std::nullopt);
  EXPECT_EQ(share({3, 2}), 67);
  EXPECT_EQ(change(5, 0), std::nullopt);
  EXPECT_EQ(change(108, 100), 8);
  EXPECT_EQ(change(2, 3), -33);
  EXPECT_EQ(change(4, 4), 0);
  EXPECT_EQ(extrapolate(40, {100, 40}), 100);
  EXPECT_EQ(extrapolate(1, {100, 0}), std::nullopt);
}

}  // namespace
}  // namespace portvakt::insights
