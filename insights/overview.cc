#include "insights/overview.h"

namespace portvakt::insights {
namespace {

std::vector<DayRow> every_day(Period period, const std::vector<DayRow>& known) {
  std::vector<DayRow> days;
  auto next = known.begin();
  for (Day day = period.first; day <= period.last; ++day) {
    days.push_back({day, {}});
    if (next != known.end() && next->day == day) days.back() = *next++;
  }
  return days;
}

/// To the nearest whole; both are counts.
std::int64_t divide(std::int64_t dividend, std::int64_t divisor) {
  return (dividend + divisor / 2) / divisor;
}

}  // namespace

Result<Report> make_report(Store& store, std::string_view site, Period period) {
  Report report;
  report.site = site;
  report.period = period;
  const auto now = store.totals(site, period);
  if (!now) return tl::unexpected(now.error());
  const auto before = store.totals(site, period.before());
  if (!before) return tl::unexpected(before.error());
  const auto days = store.days(site, period);
  if (!days) return tl::unexpected(days.error());
  report.now = *now;
  report.before = *before;
  report.days = every_day(period, *days);
  for (const auto by : kRankings) {
    auto rows = store.ranking(site, period, by, kTableRows);
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
