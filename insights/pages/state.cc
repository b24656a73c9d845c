#include "insights/pages/state.h"

#include <algorithm>
#include <chrono>

#include "proxy/base/ascii.h"
#include "proxy/logs/redis/ship_keys.h"

namespace portvakt::insights {
namespace {

struct SpanName {
  std::string_view name;
  Text text;
};
constexpr std::array<SpanName, kSpans.size()> kSpanNames = {{
    {"today", Text::today},
    {"yesterday", Text::yesterday},
    {"7d", Text::last_7},
    {"30d", Text::last_30},
    {"90d", Text::last_90},
    {"12m", Text::last_year},
    {"month", Text::this_month},
    {"last-month", Text::last_month},
    {"own", Text::own_dates},
}};

struct MetricName {
  std::string_view name;
  Text text;
};
constexpr std::array<MetricName, kMetrics.size()> kMetricNames = {{
    {"visits", Text::visits},
    {"visitors", Text::visitors},
    {"views", Text::page_views},
    {"consent", Text::allow_analytics},
    {"bounce", Text::bounce_rate},
    {"time", Text::visit_time},
}};

constexpr std::array<std::string_view, 4> kComparisons = {"none", "previous", "year", "custom"};
constexpr std::array<std::string_view, 4> kMatches = {"is", "is-not", "contains", "begins"};

constexpr std::array kContent = {Dimension::Page, Dimension::Section, Dimension::Entry, Dimension::Exit};
constexpr std::array kSources = {Dimension::Channel, Dimension::Referrer, Dimension::Campaign,
                                 Dimension::Source, Dimension::Medium};
constexpr std::array kPlaces = {Dimension::Country, Dimension::Organisation};
constexpr std::array kMachines = {Dimension::Device, Dimension::Browser, Dimension::BrowserVersion,
                                  Dimension::System, Dimension::Screen};
constexpr std::array kActions = {Dimension::Outbound, Dimension::Download, Dimension::Form,
                                 Dimension::GoalReached};
constexpr std::array kFaults = {Dimension::NotFound, Dimension::Redirect, Dimension::Status};

using Date = std::chrono::year_month_day;

Date date_of(Day day) {
  return std::chrono::sys_days{std::chrono::days{day}};
}
Day day_of_date(Date date) {
  return std::chrono::sys_days{date}.time_since_epoch().count();
}

template <typename Names>
std::optional<std::size_t> place_of(const Names& names, std::string_view name) {
  for (std::size_t place = 0; place < names.size(); ++place) {
    if (names[place] == name) return place;
  }
  return std::nullopt;
}

/// Both dates, in order, not longer than may be asked for.
std::optional<Period> parse_period(std::string_view first, std::string_view last) {
  const auto from = parse_date(first), to = parse_date(last);
  if (!from || !to || *to < *from || *to - *from >= kMaxPeriodDays) return std::nullopt;
  return Period{*from, *to};
}

void read_dates(ScreenState& state, std::string_view query) {
  const auto name = parameter(query, "period");
  for (std::size_t place = 0; place < kSpans.size(); ++place) {
    if (kSpanNames[place].name == name) state.span = kSpans[place];
  }
  const auto own = parse_period(parameter(query, "from"), parameter(query, "to"));
  if (own && (name.empty() || state.span == Span::Own)) {
    state.span = Span::Own;
    state.own = *own;
  } else if (state.span == Span::Own) {
    state.span = Span::Days30;
  }
  const auto comparison = place_of(kComparisons, parameter(query, "compare"));
  if (comparison) state.compare = static_cast<Comparison>(*comparison);
  if (state.compare != Comparison::Custom) return;
  const auto other = parse_period(parameter(query, "compare_from"), parameter(query, "compare_to"));
  state.other = other.value_or(Period{});
  if (!other) state.compare = Comparison::Previous;
}

void read_filters(ScreenState& state, std::string_view query) {
  for (const auto pair : ascii::split(query, '&')) {
    if (!pair.starts_with("f=") || state.filters.size() >= kMaxFilters) continue;
    if (auto filter = parse_filter(ascii::decode_form_component(pair.substr(2))))
      state.filters.push_back(std::move(*filter));
  }
  // The form of the picker names a filter in three parts.
  const auto by = parse_dimension(parameter(query, "filter_by"));
  auto value = parameter(query, "filter_value");
  const auto match = place_of(kMatches, parameter(query, "filter_match"));
  if (by && match && !value.empty() && value.size() <= kMaxFilterText)
    state = with_filter(std::move(state), {*by, static_cast<Match>(*match), {std::move(value)}});
}

void read_cards(ScreenState& state, std::string_view names) {
  for (const auto name : ascii::split(names, ',')) {
    const auto by = parse_dimension(name);
    const auto card = by ? card_of(*by) : std::nullopt;
    if (card) state.cards[*card] = *by;
  }
}

void append(std::string& out, std::string_view name, std::string_view value) {
  out += out.empty() ? '?' : '&';
  out.append(name).append("=").append(encode_parameter(value));
}

void append_dates(std::string& out, const ScreenState& state, const ScreenState& usual) {
  if (state.span == Span::Own) {
    append(out, "from", iso_date(state.own.first));
    append(out, "to", iso_date(state.own.last));
  } else if (state.span != usual.span) {
    append(out, "period", span_name(state.span));
  }
  if (state.compare != usual.compare)
    append(out, "compare", kComparisons[static_cast<std::size_t>(state.compare)]);
  if (state.compare != Comparison::Custom) return;
  append(out, "compare_from", iso_date(state.other.first));
  append(out, "compare_to", iso_date(state.other.last));
}

}  // namespace

std::string_view span_name(Span span) {
  return kSpanNames[static_cast<std::size_t>(span)].name;
}
Text span_text(Span span) {
  return kSpanNames[static_cast<std::size_t>(span)].text;
}
std::string_view metric_name(Metric metric) {
  return kMetricNames[static_cast<std::size_t>(metric)].name;
}
Text metric_text(Metric metric) {
  return kMetricNames[static_cast<std::size_t>(metric)].text;
}

std::span<const Dimension> card_tables(std::size_t card) {
  static constexpr std::array<std::span<const Dimension>, kCards> kTables = {kContent,  kSources, kPlaces,
                                                                             kMachines, kActions, kFaults};
  return kTables[card];
}

Text card_title(std::size_t card) {
  static constexpr std::array<Text, kCards> kTitles = {Text::group_content, Text::group_sources,
                                                       Text::countries,     Text::group_people,
                                                       Text::group_actions, Text::group_faults};
  return kTitles[card];
}

std::optional<std::size_t> card_of(Dimension by) {
  for (std::size_t card = 0; card < kCards; ++card) {
    const auto tables = card_tables(card);
    if (std::ranges::find(tables, by) != tables.end()) return card;
  }
  return std::nullopt;
}

ScreenState parse_state(std::string_view query) {
  ScreenState state;
  state.site = parameter(query, "site");
  read_dates(state, query);
  read_filters(state, query);
  read_cards(state, parameter(query, "show"));
  const auto metric = parameter(query, "metric");
  for (const auto one : kMetrics) {
    if (metric_name(one) == metric) state.metric = one;
  }
  state.language = find_language(parameter(query, "lang"));
  state.table = parse_dimension(parameter(query, "table"));
  state.offset = static_cast<std::size_t>(
      std::min<std::uint64_t>(ascii::parse_uint(parameter(query, "offset")).value_or(0), 1'000'000));
  state.contains = parameter(query, "contains").substr(0, 200);
  return state;
}

std::string state_query(const ScreenState& state) {
  const ScreenState usual;
  std::string out;
  if (!state.site.empty()) append(out, "site", state.site);
  append_dates(out, state, usual);
  for (const auto& filter : state.filters) append(out, "f", filter_text(filter));
  if (state.metric != usual.metric) append(out, "metric", metric_name(state.metric));
  std::string cards;
  for (std::size_t card = 0; card < kCards; ++card) {
    if (state.cards[card] == usual.cards[card]) continue;
    cards.append(cards.empty() ? "" : ",").append(dimension_name(state.cards[card]));
  }
  if (!cards.empty()) append(out, "show", cards);
  if (state.table) append(out, "table", dimension_name(*state.table));
  if (state.offset > 0) append(out, "offset", std::to_string(state.offset));
  if (!state.contains.empty()) append(out, "contains", state.contains);
  if (state.language) append(out, "lang", language_code(*state.language));
  return out;
}

Period period_of(const ScreenState& state, Day today) {
  const Date date = date_of(today);
  const Day month = day_of_date(date.year() / date.month() / 1);
  switch (state.span) {
    case Span::Today:
      return {today, today};
    case Span::Yesterday:
      return {today - 1, today - 1};
    case Span::Week:
      return {today - 6, today};
    case Span::Days30:
      return {today - 29, today};
    case Span::Days90:
      return {today - 89, today};
    case Span::Year:
      return {today - 364, today};
    case Span::ThisMonth:
      return {month, today};
    case Span::LastMonth:
      return {day_of_date(date_of(month - 1).year() / date_of(month - 1).month() / 1), month - 1};
    case Span::Own:
      return state.own;
  }
  return {today, today};
}

Query query_of(const ScreenState& state, Day today) {
  return {state.site, period_of(state, today), state.compare, state.other, state.filters};
}

ScreenState with_filter(ScreenState state, const Filter& filter) {
  state.offset = 0;
  if (state.filters.size() >= kMaxFilters || std::ranges::find(state.filters, filter) != state.filters.end())
    return state;
  state.filters.push_back(filter);
  return state;
}

ScreenState without_filter(ScreenState state, std::size_t place) {
  state.offset = 0;
  state.filters.erase(state.filters.begin() + static_cast<std::ptrdiff_t>(place));
  return state;
}

std::string parameter(std::string_view query, std::string_view name) {
  for (const auto pair : ascii::split(query, '&')) {
    const auto equals = pair.find('=');
    if (pair.substr(0, equals) != name || equals == std::string_view::npos) continue;
    return ascii::decode_form_component(pair.substr(equals + 1));
  }
  return {};
}

std::string encode_parameter(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (ascii::is_alnum(c) || std::string_view("-._~/,:").find(c) != std::string_view::npos) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out.append({'%', kDigits[byte >> 4], kDigits[byte & 15]});
    }
  }
  return out;
}

std::optional<Day> parse_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = ascii::parse_uint(text.substr(0, 4)), month = ascii::parse_uint(text.substr(5, 2)),
             day = ascii::parse_uint(text.substr(8, 2));
  if (!year || !month || !day || *year < 1970) return std::nullopt;
  const Date date{std::chrono::year(static_cast<int>(*year)),
                  std::chrono::month(static_cast<unsigned>(*month)),
                  std::chrono::day(static_cast<unsigned>(*day))};
  return date.ok() ? std::optional(day_of_date(date)) : std::nullopt;
}

std::string iso_date(Day day) {
  return logs::day_text(day);
}

}  // namespace portvakt::insights
