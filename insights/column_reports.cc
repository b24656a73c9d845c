#include "insights/column_reports.h"

#include "insights/batch_rows.h"
#include "insights/column_sums.h"
#include "insights/store_keys.h"
#include "insights/store_schema.h"
#include "insights/time_axis.h"

namespace portvakt::insights {

ColumnReports::ColumnReports(std::unique_ptr<Database> database, StoreSettings settings, const Clock& clock)
    : database_(std::move(database)),
      settings_(std::move(settings)),
      clock_(clock),
      words_(*database_),
      cache_(*database_, words_, settings_),
      definitions_(*database_) {}

Result<std::unique_ptr<ColumnReports>> ColumnReports::open(const std::filesystem::path& file,
                                                           StoreSettings settings, const Clock& clock) {
  if (settings.small_group < 1 || settings.small_group > kMaxSmallGroup)
    return failure(ErrorKind::Invalid,
                   "a small group has 1 to " + std::to_string(kMaxSmallGroup) + " visitors");
  auto database = Database::open(file);
  if (!database) return tl::unexpected(database.error());
  if (auto migrated = migrate(**database); !migrated) return tl::unexpected(migrated.error());
  return std::unique_ptr<ColumnReports>(new ColumnReports(std::move(*database), std::move(settings), clock));
}

Result<std::vector<std::string>> ColumnReports::sites() {
  auto query = database_->prepare("SELECT name FROM sites ORDER BY name");
  if (!query) return tl::unexpected(query.error());
  std::vector<std::string> names;
  while (true) {
    const auto row = query->step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return names;
    names.push_back(query->text(0));
  }
}

Result<std::optional<Period>> ColumnReports::span(std::string_view site) {
  auto query = database_->prepare(
      "SELECT min(first), max(last) FROM (SELECT min(day) AS first, max(day) AS last FROM versions WHERE "
      "site = "
      "(SELECT id FROM sites WHERE name = ?1) UNION ALL SELECT min(day), max(day) FROM prepared WHERE frozen "
      "AND "
      "site = (SELECT id FROM sites WHERE name = ?1))");
  if (!query) return tl::unexpected(query.error());
  if (const auto row = query->with(site).step(); !row) return tl::unexpected(row.error());
  if (query->is_null(0)) return std::optional<Period>();
  return std::optional<Period>({query->number(0), query->number(1)});
}

Day ColumnReports::today(std::string_view site) {
  return settings_.zone(site).day(clock_.wall());
}

Result<ColumnReports::Asked> ColumnReports::ask(const Query& query) {
  const auto compared = compared_period(query);
  for (const auto& period : {query.period, compared.value_or(query.period)}) {
    if (period.first < -kLastDay || period.last > kLastDay || period.days() < 1 ||
        period.days() > kMaxPeriodDays)
      return failure(ErrorKind::Invalid, "the period has no days, or too many");
  }
  std::vector<Goal> goals;
  for (const auto& filter : query.filters) {
    if (filter.by != Dimension::GoalReached || !goals.empty()) continue;
    auto known = definitions_.goals(query.site);
    if (!known) return tl::unexpected(known.error());
    goals = std::move(*known);
  }
  auto reading = Transaction::begin_reading(*database_);
  if (!reading) return tl::unexpected(reading.error());
  if (auto fresh = words_.refresh(); !fresh) return tl::unexpected(fresh.error());
  auto filters = ColumnFilters::compile(query.filters, words_, goals);
  if (!filters) return tl::unexpected(filters.error());
  Asked asked{std::move(*reading), -1, std::move(*filters)};
  auto site = database_->prepare("SELECT id FROM sites WHERE name = ?");
  if (!site) return tl::unexpected(site.error());
  const auto row = site->with(query.site).step();
  if (!row) return tl::unexpected(row.error());
  if (*row) asked.site = site->number(0);
  return asked;
}

Result<void> ColumnReports::each_day(const Asked& asked, const Query& query, Period period,
                                     const DayCache::OnDay& on_day) {
  if (asked.site < 0) return {};
  return cache_.each(asked.site, query.site, period, on_day);
}

void ColumnReports::withhold(Figures& figures, bool filtered) const {
  if (!filtered) return;
  if (figures.visitors < settings_.small_group) withhold_visits(figures);
  if (figures.coverage.all < settings_.small_group) {
    figures.views = 0;
    figures.coverage = {0, 0, figures.coverage.exact};
  }
}

Result<Totals> ColumnReports::totals_of(Asked& asked, const Query& query, Period period) {
  Totals totals;
  SubjectSet visitors;
  DaySums sum;
  const auto on_day = [&](Day, const DayColumns& day) {
    asked.filters.visits(day.visits, visit_mask_);
    for (std::size_t i = 0; i < day.visits.size(); ++i) {
      if (visit_mask_[i] == 0) continue;
      add_visit(day.visits, i, totals.figures);
      visitors.add(day.visits.subject[i]);
    }
    if (asked.filters.empty()) {
      sum += day.sum;
      return;
    }
    asked.filters.requests(day.requests, std::nullopt, request_mask_);
    for (std::size_t row = 0; row < request_mask_.size(); ++row) {
      if (request_mask_[row] != 0) add_row(day.requests, row, sum);
    }
  };
  if (auto looked = each_day(asked, query, period, on_day); !looked) return tl::unexpected(looked.error());
  totals.figures.visitors = visitors.count();
  add_views(sum.views, totals.figures);
  totals.figures.coverage.exact = asked.filters.exact();
  totals.requests = {sum.requests, sum.consented, sum.not_found, sum.redirects, sum.errors, sum.bots};
  withhold(totals.figures, !asked.filters.empty());
  return totals;
}

Result<TotalsAnswer> ColumnReports::totals(const Query& query) {
  auto asked = ask(query);
  if (!asked) return tl::unexpected(asked.error());
  TotalsAnswer answer;
  auto now = totals_of(*asked, query, query.period);
  if (!now) return tl::unexpected(now.error());
  answer.now = *now;
  answer.compared = compared_period(query);
  if (!answer.compared) return answer;
  auto before = totals_of(*asked, query, *answer.compared);
  if (!before) return tl::unexpected(before.error());
  answer.before = *before;
  return answer;
}

Result<std::vector<Point>> ColumnReports::points_of(Asked& asked, const Query& query, Period period,
                                                    Granularity granularity) {
  const TimeAxis axis(period, granularity, settings_.zone(query.site), clock_.wall());
  constexpr std::int64_t kQuarter = 15 * kMinuteMillis;
  std::vector<Point> points;
  for (const auto& bucket : axis.buckets()) points.push_back({bucket, {}});
  std::vector<DaySums> sums(points.size());
  SubjectTurns turns;
  const auto on_day = [&](Day day, const DayColumns& columns) {
    const auto& visits = columns.visits;
    asked.filters.visits(visits, visit_mask_);
    for (std::size_t i = 0; i < visits.size(); ++i) {
      if (visit_mask_[i] == 0) continue;
      const auto place = axis.place(day, visits.start[i]);
      auto& figures = points[place].figures;
      add_visit(visits, i, figures);
      figures.visitors += turns.add(visits.subject[i], static_cast<std::uint32_t>(place) + 1) ? 1 : 0;
    }
    if (asked.filters.empty() && granularity != Granularity::Hours) {
      sums[axis.place(day, 0)] += columns.sum;
      return;
    }
    asked.filters.requests(columns.requests, std::nullopt, request_mask_);
    for (std::size_t row = 0; row < request_mask_.size(); ++row) {
      if (request_mask_[row] == 0) continue;
      add_row(columns.requests, row, sums[axis.place(day, columns.requests.quarter[row] * kQuarter)]);
    }
  };
  if (auto looked = each_day(asked, query, period, on_day); !looked) return tl::unexpected(looked.error());
  for (std::size_t i = 0; i < points.size(); ++i) {
    add_views(sums[i].views, points[i].figures);
    points[i].figures.coverage.exact = asked.filters.exact();
    withhold(points[i].figures, !asked.filters.empty());
  }
  return points;
}

Result<Series> ColumnReports::series(const Query& query, Granularity granularity) {
  auto asked = ask(query);
  if (!asked) return tl::unexpected(asked.error());
  Series series;
  series.granularity = granularity;
  auto now = points_of(*asked, query, query.period, granularity);
  if (!now) return tl::unexpected(now.error());
  series.now = std::move(*now);
  const auto compared = compared_period(query);
  if (!compared) return series;
  auto before = points_of(*asked, query, *compared, granularity);
  if (!before) return tl::unexpected(before.error());
  series.before = std::move(*before);
  return series;
}

}  // namespace portvakt::insights
