// What a screen shows, as its address says it: site, period, comparison, filters, chosen figures. The address
// is the whole state; nothing is remembered anywhere else. A value, read from strangers' text: what makes no
// sense is the default.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "insights/query.h"
#include "insights/words/words.h"

namespace portvakt::insights {

enum class Span : std::uint8_t {
  Today,
  Yesterday,
  Week,
  Days30,
  Days90,
  Year,
  ThisMonth,
  LastMonth,
  Own,
};
inline constexpr std::array kSpans = {Span::Today,     Span::Yesterday, Span::Week,
                                      Span::Days30,    Span::Days90,    Span::Year,
                                      Span::ThisMonth, Span::LastMonth, Span::Own};
std::string_view span_name(Span span);
Text span_text(Span span);

/// What the chart draws.
enum class Metric : std::uint8_t { Visits, Visitors, Views, Consent, Bounce, Time };
inline constexpr std::array kMetrics = {Metric::Visits,  Metric::Visitors, Metric::Views,
                                        Metric::Consent, Metric::Bounce,   Metric::Time};
std::string_view metric_name(Metric metric);
Text metric_text(Metric metric);

/// A card shows one of its tables; the others are a click away.
inline constexpr std::size_t kCards = 6;
std::span<const Dimension> card_tables(std::size_t card);
Text card_title(std::size_t card);
/// Empty: of none.
std::optional<std::size_t> card_of(Dimension by);

struct ScreenState {
  std::string site;
  Span span = Span::Days30;
  Period own;  // for Span::Own
  Comparison compare = Comparison::Previous;
  Period other;  // for Comparison::Custom
  std::vector<Filter> filters;
  Metric metric = Metric::Visits;
  std::array<Dimension, kCards> cards = {Dimension::Page,   Dimension::Channel,  Dimension::Country,
                                         Dimension::Device, Dimension::Outbound, Dimension::NotFound};
  std::optional<Language> language;  // empty: the browser's
  // Of the screen that shows one table.
  std::optional<Dimension> table;
  std::size_t offset = 0;
  std::string contains;
};

ScreenState parse_state(std::string_view query);

/// `?site=ferry.example&period=7d`: only what differs from the default. Not escaped for HTML.
std::string state_query(const ScreenState& state);

/// The days that the state means when the site's calendar shows `today`.
Period period_of(const ScreenState& state, Day today);
Query query_of(const ScreenState& state, Day today);

ScreenState with_filter(ScreenState state, const Filter& filter);
ScreenState without_filter(ScreenState state, std::size_t place);

/// The first parameter of that name, decoded; empty without one.
std::string parameter(std::string_view query, std::string_view name);
/// Percent-encoded, for a value in an address.
std::string encode_parameter(std::string_view text);
std::optional<Day> parse_date(std::string_view text);
/// `2026-11-22`.
std::string iso_date(Day day);

}  // namespace portvakt::insights
