// Every report against a second, plain calculation over the same records, in several time zones.
#include "tests/insights/truth.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/insights/made_records.h"
#include "tests/insights/made_traffic.h"

namespace portvakt::insights {
namespace {

using truth::MadeTraffic;
using truth::Truth;

/// More by PORTVAKT_TRUTH_RECORDS, as scripts/test does once.
std::size_t wanted_records() {
  const char* set = std::getenv("PORTVAKT_TRUTH_RECORDS");
  return set != nullptr ? std::stoull(set) : 12000;
}

/// Of a million records the plain calculation is asked less: it takes a second for a table.
bool is_large() {
  return wanted_records() > 100000;
}

std::string words(const Figures& f) {
  std::string out;
  for (const auto number :
       {f.visits, f.visitors, f.visit_views, f.bounces, f.visit_milliseconds, f.timed_views,
        f.view_milliseconds, f.views, f.coverage.consented, f.coverage.all})
    out += std::to_string(number) + " ";
  return out + (f.coverage.exact ? "exact" : "part") + (f.few ? " few" : "");
}

std::string words(const Table& table) {
  std::string out;
  for (const auto& row : table.rows) out += "[" + row.name + "] " + words(row.figures) + "\n";
  for (const auto events : table.events) out += std::to_string(events) + " ";
  return out + "\nother " + words(table.other) + " groups " + std::to_string(table.groups) + " folded " +
         std::to_string(table.folded);
}

const std::vector<Goal>& goals() {
  static const std::vector<Goal> kGoals = {{0, "Bought", {GoalKind::Page, "/checkout/*"}},
                                           {0, "Map", {GoalKind::Outbound, "https://map.*"}},
                                           {0, "Read a list", {GoalKind::Download, "*.pdf"}},
                                           {0, "Wrote", {GoalKind::Form, "/contact/send"}}};
  return kGoals;
}

std::vector<std::vector<Filter>> filters() {
  using enum Dimension;
  return {
      {},
      {{Page, Match::Is, {"/basket"}}},
      {{Section, Match::IsNot, {"/products"}}, {Device, Match::Is, {"phone", "tablet"}}},
      {{Country, Match::Is, {"NO"}}, {Browser, Match::IsNot, {"Safari"}}, {System, Match::Contains, {"i"}}},
      {{Entry, Match::Begins, {"/products"}}},
      {{Channel, Match::Is, {"search", "paid"}}},
      {{Campaign, Match::Is, {"autumn"}}, {Screen, Match::IsNot, {"xl"}}},
      {{GoalReached, Match::Is, {"Bought"}}, {Exit, Match::IsNot, {"/"}}},
      {{Outbound, Match::Contains, {"map"}}},
      {{Referrer, Match::Is, {""}}},
      {{Referrer, Match::IsNot, {"google.no"}}},
      {{Organisation, Match::Is, {"Small Net 7"}}},
      {{Organisation, Match::Is, {"Small Net 7"}}, {Country, Match::Is, {"FO"}}},
      {{Status, Match::Is, {"4xx", "301"}}},
      {{BrowserVersion, Match::Begins, {"Firefox"}}, {Page, Match::IsNot, {"/"}}},
      {{Source, Match::Is, {"letter"}}}};
}

class TruthTest : public testing::Test {
 protected:
  /// Feeds in uneven batches; some come twice, some of their records again under new positions.
  void feed(ScratchStore& store, std::size_t first, std::size_t end) {
    std::mt19937 random(static_cast<std::uint32_t>(first));
    while (first < end) {
      const auto size = std::min<std::size_t>(1 + random() % 1000, end - first);
      RecordBatch batch{"s", position_, std::to_string(first + size), {}};
      const auto replayed = random() % 4 == 0 ? std::min<std::size_t>(first, 50) : 0;
      for (auto i = first - replayed; i < first + size; ++i) batch.records.push_back(made_.records[i]);
      ASSERT_TRUE(store->take(batch));
      if (random() % 4 == 0) {
        ASSERT_EQ(store->take(batch), 0U);
      }
      position_ = batch.up_to;
      first += size;
    }
  }

  void compare(ScratchStore& store, const Query& query) {
    auto& reports = *store.reports;
    const auto& truth = made_.truth;
    const auto totals = reports.totals(query);
    ASSERT_TRUE(totals) << totals.error().detail;
    const auto known = truth.totals(query);
    EXPECT_EQ(words(totals->now.figures), words(known.figures));
    EXPECT_EQ(totals->now.requests, known.requests);
    compare_series(reports, query);
    compare_tables(reports, query);
    compare_goals(reports, query);
  }

  void compare_series(Reports& reports, const Query& query) {
    using enum Granularity;
    for (const auto granularity : {Hours, Days, Weeks, Months}) {
      const auto series = reports.series(query, granularity);
      ASSERT_TRUE(series);
      const auto known = made_.truth.series(query, granularity);
      ASSERT_EQ(series->now.size(), known.size()) << static_cast<int>(granularity);
      for (std::size_t i = 0; i < known.size(); ++i) {
        EXPECT_EQ(words(series->now[i].figures), words(known[i]))
            << static_cast<int>(granularity) << ": step " << i << " at "
            << series->now[i].bucket.begins.time_since_epoch().count();
      }
    }
  }

  void compare_tables(Reports& reports, const Query& query) {
    for (std::size_t i = 0; i < kDimensions; ++i) {
      const auto by = static_cast<Dimension>(i);
      for (const TableOptions& options :
           {TableOptions{}, TableOptions{1000, 0, Order::Views, {}}, TableOptions{3, 2, Order::Time, "e"}}) {
        const auto table = reports.table(query, by, options);
        ASSERT_TRUE(table);
        EXPECT_EQ(words(*table), words(made_.truth.table(query, by, options))) << dimension_name(by);
        if (is_large()) break;
      }
    }
  }

  void compare_goals(Reports& reports, const Query& query) {
    const auto rows = reports.goals(query);
    ASSERT_TRUE(rows);
    const auto known = made_.truth.goal_rows(query);
    ASSERT_EQ(rows->size(), known.size());
    for (std::size_t i = 0; i < known.size(); ++i) {
      const auto& a = (*rows)[i];
      const auto& b = known[i];
      EXPECT_EQ(std::tuple(a.goal.name, a.visits, a.visitors, a.completions, a.everybody, a.few),
                std::tuple(b.goal.name, b.visits, b.visitors, b.completions, b.everybody, b.few));
      EXPECT_DOUBLE_EQ(a.rate, b.rate);
    }
    const Funnel funnel{0,
                        "f",
                        {{"Any", {GoalKind::Page, "*"}},
                         {"Products", {GoalKind::Page, "/products*"}},
                         {"Left", {GoalKind::Outbound, "*"}},
                         {"Basket", {GoalKind::Page, "/basket"}}}};
    const auto answer = reports.funnel(query, funnel);
    ASSERT_TRUE(answer);
    const auto steps = made_.truth.funnel(query, funnel);
    for (std::size_t i = 0; i < steps.size(); ++i)
      EXPECT_EQ(std::pair(answer->steps[i].visits, answer->steps[i].few),
                std::pair(steps[i].visits, steps[i].few))
          << i;
    const auto consent = reports.consent(query, Granularity::Days);
    ASSERT_TRUE(consent);
    auto now = consent->now;
    now.shown = 0;
    EXPECT_EQ(now, made_.truth.consent(query));
  }

  void ask_everything(ScratchStore& store, const char* zone, bool all_filters) {
    made_.truth.settle(zone);
    Query query;
    query.site = "a";
    std::size_t round = 0;
    for (const auto& set : filters()) {
      query.filters = set;
      query.period = round % 3 == 0   ? made_.period()
                     : round % 3 == 1 ? Period{20740, 20758}
                                      : Period{20750, 20751};  // the end of summer time
      SCOPED_TRACE(std::string(zone) + ", filters " + std::to_string(round++));
      compare(store, query);
      if (!all_filters || HasFailure() || (is_large() && round == 3)) return;
    }
  }

  MadeTraffic made_{wanted_records()};
  std::string position_;
};

TEST_F(TruthTest, EveryReportEqualsAPlainCalculation) {
  made_.make();
  made_.truth.goals = goals();
  for (const char* zone : {"Europe/Oslo", "Asia/Kathmandu"}) {
    position_.clear();
    StoreSettings settings;
    settings.usual_zone = *TimeZone::load(zone);
    ScratchStore store(settings);
    for (const auto& goal : goals()) ASSERT_TRUE(store.reports->definitions().store("a", goal));
    const auto half = made_.records.size() / 2;
    feed(store, 0, half);
    // What is prepared now is true only until more comes.
    ASSERT_TRUE(store.reports->totals({"a", made_.period(), Comparison::None, {}, {}}));
    while (store->settle().value_or(false)) {
    }
    feed(store, half, made_.records.size());
    ASSERT_TRUE(store->scrub());
    ask_everything(store, zone, true);
    while (store->settle().value_or(false)) {
    }
    store.reports = store.open_reports();  // from what is prepared in the file
    ask_everything(store, zone, false);
    if (HasFailure() || is_large()) return;
  }
}

}  // namespace
}  // namespace portvakt::insights
