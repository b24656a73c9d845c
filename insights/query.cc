#include "insights/query.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace portvakt::insights {
namespace {

constexpr std::array<std::string_view, kDimensions> kNames = {
    "page",      "section",      "referrer", "channel",         "source", "medium", "campaign",
    "country",   "organisation", "browser",  "browser-version", "system", "device", "entry",
    "exit",      "screen",       "outbound", "download",        "form",   "goal",   "status",
    "not-found", "redirect",     "bot",      "bot-page"};

constexpr std::string_view kOperators[] = {"==", "!=", "=~", "=^"};  // by Match

using Date = std::chrono::year_month_day;

Date date_of(Day day) {
  return std::chrono::sys_days{std::chrono::days{day}};
}

Day day_of_date(Date date) {
  if (!date.ok()) date = date.year() / date.month() / std::chrono::last;
  return std::chrono::sys_days{date}.time_since_epoch().count();
}

bool begins_month(Day day) {
  return date_of(day).day() == std::chrono::day{1};
}

/// Of how many whole months the period is; 0: of none.
int whole_months(Period period) {
  if (!begins_month(period.first) || !begins_month(period.last + 1)) return 0;
  const auto first = date_of(period.first), end = date_of(period.last + 1);
  return (static_cast<int>(end.year()) - static_cast<int>(first.year())) * 12 +
         static_cast<int>(static_cast<unsigned>(end.month())) -
         static_cast<int>(static_cast<unsigned>(first.month()));
}

Period previous_period(Period period) {
  const int months = whole_months(period);
  if (months == 0) return period.before();
  return {day_of_date(date_of(period.first) - std::chrono::months{months}), period.first - 1};
}

Period year_before(Period period) {
  const auto back = [](Day day) { return day_of_date(date_of(day) - std::chrono::years{1}); };
  // A period that ends with February ends with it in the other year, too.
  return {back(period.first), begins_month(period.last + 1) ? back(period.last + 1) - 1 : back(period.last)};
}

void append_escaped(std::string& out, std::string_view value) {
  for (const char c : value) {
    if (c == '|' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
}

std::vector<std::string> split_values(std::string_view text) {
  std::vector<std::string> values(1);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '|') {
      values.emplace_back();
      continue;
    }
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    values.back().push_back(text[i]);
  }
  return values;
}

}  // namespace

std::string_view dimension_name(Dimension by) {
  return kNames[static_cast<std::size_t>(by)];
}

std::optional<Dimension> parse_dimension(std::string_view name) {
  const auto found = std::ranges::find(kNames, name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<Dimension>(found - kNames.begin());
}

bool only_of_visits(Dimension by) {
  return by >= Dimension::Entry && by <= Dimension::GoalReached;
}

bool only_of_requests(Dimension by) {
  return by >= Dimension::Status;
}

std::optional<Period> compared_period(const Query& query) {
  switch (query.compare) {
    case Comparison::None:
      return std::nullopt;
    case Comparison::Previous:
      return previous_period(query.period);
    case Comparison::YearBefore:
      return year_before(query.period);
    case Comparison::Custom:
      return query.other;
  }
  return std::nullopt;
}

Granularity usual_granularity(Period period) {
  constexpr Day kHourly = 2, kDaily = 92, kWeekly = 366;
  if (period.days() <= kHourly) return Granularity::Hours;
  if (period.days() <= kDaily) return Granularity::Days;
  return period.days() <= kWeekly ? Granularity::Weeks : Granularity::Months;
}

std::string filter_text(const Filter& filter) {
  std::string out(dimension_name(filter.by));
  out += kOperators[static_cast<std::size_t>(filter.match)];
  for (std::size_t i = 0; i < filter.values.size(); ++i) {
    if (i > 0) out.push_back('|');
    append_escaped(out, filter.values[i]);
  }
  return out;
}

std::optional<Filter> parse_filter(std::string_view text) {
  const auto end = text.find_first_of("=!");
  if (end == std::string_view::npos || text.size() > kMaxFilterText * kMaxFilterValues) return std::nullopt;
  const auto by = parse_dimension(text.substr(0, end));
  const auto found = std::ranges::find(kOperators, text.substr(end, 2));
  if (!by || found == std::end(kOperators)) return std::nullopt;
  Filter filter{*by, static_cast<Match>(found - std::begin(kOperators)), split_values(text.substr(end + 2))};
  const bool fit =
      std::ranges::all_of(filter.values, [](const auto& value) { return value.size() <= kMaxFilterText; });
  if (!fit || filter.values.size() > kMaxFilterValues) return std::nullopt;
  return filter;
}

}  // namespace portvakt::insights
