#include "insights/overview.h"

#include <algorithm>

namespace portvakt::insights {
namespace {

Count counted(const Figures& figures) {
  return {figures.views, figures.coverage.consented};
}

OverviewTotals flat(const Totals& totals) {
  return {{totals.requests.requests, totals.requests.consented},
          counted(totals.figures),
          totals.requests.bots,
          totals.requests.not_found,
          totals.figures.visits,
          totals.figures.visitors};
}

std::optional<Dimension> dimension_of(Ranking by) {
  switch (by) {
    case Ranking::Page:
      return Dimension::Page;
    case Ranking::Referrer:
      return Dimension::Referrer;
    case Ranking::Country:
      return Dimension::Country;
    case Ranking::Browser:
      return Dimension::Browser;
    case Ranking::Device:
      return Dimension::Device;
    case Ranking::NotFound:
      return Dimension::NotFound;
    case Ranking::Choice:
    case Ranking::Held:
      return std::nullopt;
  }
  return std::nullopt;
}

Result<std::vector<RankedRow>> ranking(Reports& reports, const Query& query, Ranking by) {
  std::vector<RankedRow> rows;
  if (const auto dimension = dimension_of(by)) {
    const auto table = reports.table(query, *dimension, {kTableRows, 0, Order::Views, {}});
    if (!table) return tl::unexpected(table.error());
    for (const auto& row : table->rows) rows.push_back({row.name, counted(row.figures)});
  } else if (by == Ranking::Choice) {
    const auto consent = reports.consent(query, Granularity::Months);
    if (!consent) return tl::unexpected(consent.error());
    for (const auto& row : consent->choices) rows.push_back({row.name, {row.chosen, row.analytics}});
  } else {
    const auto held = reports.held(query);
    if (!held) return tl::unexpected(held.error());
    for (const auto& row : held->vendors) rows.push_back({row.vendor, {row.requests, 0}});
  }
  rows.resize(std::min(rows.size(), kTableRows));
  return rows;
}

/// To the nearest whole; both are counts.
std::int64_t divide(std::int64_t dividend, std::int64_t divisor) {
  return (dividend + divisor / 2) / divisor;
}

}  // namespace

Result<Report> make_report(Reports& reports, std::string_view site, Period period) {
  Report report;
  report.site = site;
  report.period = period;
  Query query;
  query.site = site;
  query.period = period;
  query.compare = Comparison::Custom;
  query.other = period.before();
  const auto totals = reports.totals(query);
  if (!totals) return tl::unexpected(totals.error());
  report.now = flat(totals->now);
  report.before = flat(*totals->before);
  query.compare = Comparison::None;
  const auto series = reports.series(query, Granularity::Days);
  if (!series) return tl::unexpected(series.error());
  for (const auto& point : series->now) report.days.push_back({point.bucket.day, counted(point.figures)});
  for (const auto by : kRankings) {
    auto rows = ranking(reports, query, by);
    if (!rows) return tl::unexpected(rows.error());
    report.tables.push_back({by, std::move(*rows)});
  }
  return report;
}

std::optional<int> share(const Count& count) {
  if (count.all <= 0) return std::nullopt;
  return static_cast<int>(divide(count.consented * 100, count.all));
}

std::optional<std::int64_t> change(std::int64_t now, std::int64_t before) {
  if (before <= 0) return std::nullopt;
  const auto difference = now - before;
  return difference < 0 ? -divide(-difference * 100, before) : divide(difference * 100, before);
}

std::optional<std::int64_t> extrapolate(std::int64_t seen, const Count& coverage) {
  if (coverage.consented <= 0) return std::nullopt;
  // Through double: a product of two counts of a large site leaves 64 bits.
  const double all = static_cast<double>(seen) * static_cast<double>(coverage.all);
  return static_cast<std::int64_t>(all / static_cast<double>(coverage.consented) + 0.5);
}

}  // namespace portvakt::insights
