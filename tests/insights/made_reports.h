// Reports with made-up answers that are simple to foresee, for tests of pages, files and the server: two
// sites, of which `a` has figures. Definitions are kept in memory.
#pragma once

#include <algorithm>
#include <map>

#include "insights/reports.h"
#include "tests/insights/made_records.h"

namespace portvakt::insights {

class MadeDefinitions : public Definitions {
 public:
  Result<std::vector<Goal>> goals(std::string_view) override { return goals_; }
  Result<std::int64_t> store(std::string_view, const Goal& goal) override { return put(goals_, goal); }
  Result<std::vector<Funnel>> funnels(std::string_view) override { return funnels_; }
  Result<std::int64_t> store(std::string_view, const Funnel& funnel) override {
    if (auto wrong = complaint(funnel); !wrong.empty()) return failure(ErrorKind::Invalid, wrong);
    return put(funnels_, funnel);
  }
  Result<std::vector<Annotation>> annotations(std::string_view, Period) override { return notes_; }
  Result<std::int64_t> store(std::string_view, const Annotation& note) override { return put(notes_, note); }
  Result<bool> remove_goal(std::string_view, std::int64_t id) override { return drop(goals_, id); }
  Result<bool> remove_funnel(std::string_view, std::int64_t id) override { return drop(funnels_, id); }
  Result<bool> remove_annotation(std::string_view, std::int64_t id) override { return drop(notes_, id); }

 private:
  template <typename T>
  std::int64_t put(std::vector<T>& all, T one) {
    one.id = ++last_;
    all.push_back(std::move(one));
    return last_;
  }
  template <typename T>
  bool drop(std::vector<T>& all, std::int64_t id) {
    return std::erase_if(all, [id](const T& one) { return one.id == id; }) > 0;
  }

  std::vector<Goal> goals_;
  std::vector<Funnel> funnels_;
  std::vector<Annotation> notes_;
  std::int64_t last_ = 0;
};

class MadeReports : public Reports {
 public:
  /// Of `views` page views by everybody four in ten with consent, in visits of four.
  static Figures made(std::int64_t views) {
    Figures figures;
    figures.views = views;
    figures.coverage = {views * 4 / 10, views, true};
    figures.visit_views = views * 4 / 10;
    figures.visits = views / 10;
    figures.visitors = views / 12;
    figures.bounces = views / 25;
    figures.visit_milliseconds = figures.visits * 125'000;
    figures.timed_views = figures.visit_views;
    figures.view_milliseconds = figures.timed_views * 31'000;
    return figures;
  }

  Result<std::vector<std::string>> sites() override { return std::vector<std::string>{"a", "b"}; }
  Result<std::optional<Period>> span(std::string_view) override { return Period{kToday - 90, kToday}; }
  Day today(std::string_view) override { return kToday; }
  int small_group() const override { return 5; }

  Result<TotalsAnswer> totals(const Query& query) override {
    last_query = query;
    TotalsAnswer answer;
    answer.now = {made(views(query.site)), {30000, 12000, 120, 340, 3, 2100}};
    answer.compared = compared_period(query);
    if (answer.compared) answer.before = Totals{made(views(query.site) * 10 / 11), {}};
    return answer;
  }
  Result<Series> series(const Query& query, Granularity granularity) override {
    Series series{granularity, {}, {}};
    for (Day day = query.period.first; day <= query.period.last; ++day)
      series.now.push_back({{{}, {}, day, 0, day == kToday}, made(300 + (day * 7 % 11) * 20)});
    for (Day day = query.period.first; compared_period(query) && day <= query.period.last; ++day)
      series.before.push_back(
          {{{}, {}, day - query.period.days(), 0, false}, made(280 + (day * 5 % 13) * 15)});
    return series;
  }
  Result<Table> table(const Query& query, Dimension by, const TableOptions& options) override {
    Table table;
    table.by = by;
    table.groups = 12;
    std::int64_t views = 2400;
    for (const auto& name : names(by)) {
      if (table.rows.size() == options.limit) break;
      if (name.find(options.contains) == std::string::npos) continue;
      Row row{name, made(views), std::nullopt};
      if (query.compare != Comparison::None) row.before = made(views * 9 / 10);
      table.rows.push_back(std::move(row));
      if (by == Dimension::Outbound || by == Dimension::Download || by == Dimension::Form)
        table.events.push_back(views / 8);
      views = views * 2 / 3;
    }
    table.folded = 3;
    table.other = made(40);
    return table;
  }
  Result<std::vector<GoalRow>> goals(const Query&) override {
    std::vector<GoalRow> rows;
    const auto goals = definitions_.goals("");
    for (const auto& goal : *goals) rows.push_back({goal, 120, 110, 130, 0.08, 300, false, 100, 0.07});
    return rows;
  }
  Result<FunnelAnswer> funnel(const Query&, const Funnel& funnel) override {
    FunnelAnswer answer{funnel, 1000, {}, {}, {400, 1000, true}};
    std::int64_t visits = 800;
    for (const auto& step : funnel.steps) {
      answer.steps.push_back({step.name, visits, false});
      answer.before.push_back({step.name, visits - 50, false});
      visits /= 2;
    }
    return answer;
  }
  Result<Realtime> realtime(std::string_view) override {
    Realtime answer;
    for (std::size_t minute = 0; minute < kRealtimeMinutes; ++minute)
      answer.views[minute] = static_cast<std::int64_t>(minute % 7 + 1);
    answer.visitors = 21;
    answer.active = 6;
    answer.coverage = {40, 100, true};
    answer.pages = {{"/", made(40), {}}, {"/timetable", made(22), {}}};
    answer.countries = {{"NO", made(30), {}}};
    return answer;
  }
  Result<ConsentAnswer> consent(const Query& query, Granularity) override {
    ConsentAnswer answer;
    answer.now = {"", 9000, 4000, 2000, 1500, 500, 90, 2300};
    answer.purposes = {{"analytics", 2300, 1700}, {"marketing", 2100, 1900}};
    answer.countries = {{"NO", 5000, 2400, 1300, 800, 300, 40, 1500},
                        {"SE", 2000, 800, 300, 400, 100, 20, 380}};
    answer.pages = {{"/", 4000, 2000, 1000, 800, 200, 0, 1150}};
    answer.languages = {{"nb", 7000, 3000, 1600, 1100, 300, 0, 1800}};
    for (Day day = query.period.first; day <= query.period.last; ++day)
      answer.series.push_back(
          {{{}, {}, day, 0, day == kToday}, {"", 300, 130 + day % 9, 60, 50, 20, 3, 70 + day % 7}});
    answer.seconds = {100, 900, 1200, 800, 300, 200, 100, 50};
    answer.timed = 3650;
    answer.median_seconds = 8.5;
    answer.gpc = 300;
    answer.gpc_known = 9000;
    return answer;
  }
  Result<HeldAnswer> held(const Query&) override {
    HeldAnswer answer{5200, 9000, {}, {}};
    answer.vendors = {{"Google Analytics", 5000, 4800, kToday - 80, kToday, false},
                      {"Hotjar", 300, 0, kToday - 2, kToday, true}};
    answer.inventory = {
        {"host", "www.google-analytics.com", "Google Analytics", "analytics", "/", 5000, {}, {}, true, false},
        {"host", "cdn.unknown.example", "", "", "/timetable", 42, {}, {}, false, true},
        {"cookie", "_mystery", "", "", "/", 7, {}, {}, false, false}};
    return answer;
  }
  Definitions& definitions() override { return definitions_; }

  Query last_query;

 private:
  static std::int64_t views(std::string_view site) { return site == "a" ? 12000 : 0; }
  static std::vector<std::string> names(Dimension by) {
    switch (by) {
      case Dimension::Country:
        return {"NO", "SE", "DK", "DE", "FI", "GB"};
      case Dimension::Channel:
        return {"search", "direct", "social", "referral", "mail"};
      case Dimension::Device:
        return {"mobile", "desktop", "tablet"};
      case Dimension::Referrer:
        return {"", "news.example", "=cmd()", "forum.example"};
      default:
        return {"/", "/timetable", "/tickets", "/prices?sort=low", "/<script>alert(1)</script>", "/contact"};
    }
  }

  MadeDefinitions definitions_;
};

}  // namespace portvakt::insights
