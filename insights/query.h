// What the reports can be asked: a site, days of the site's own calendar, other days to compare with, and
// filters. Values; the texts of dimensions and filters are what addresses, files and the API are written in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "insights/day.h"

namespace portvakt::insights {

/// What figures are grouped and filtered by. The order tells what knows it: visits and requests, visits
/// alone, requests alone.
enum class Dimension : std::uint8_t {
  // Of visits, and of single requests too.
  Page,            // path, without query
  Section,         // its first part, as `/products`
  Referrer,        // host of another site; empty: direct, or not told
  Channel,         // search, social, mail, paid, campaign, referral, direct
  Source,          // utm_source
  Medium,          // utm_medium
  Campaign,        // utm_campaign
  Country,         // ISO 3166-1 alpha-2
  Organisation,    // of the visitor's network
  Browser,         // name
  BrowserVersion,  // name and major version
  System,
  Device,
  // Of visits alone: only consenting visitors have them.
  Entry,        // the first page
  Exit,         // the last page
  Screen,       // xs | s | m | l | xl
  Outbound,     // origin of a link that was followed
  Download,     // path
  Form,         // path or origin of its action
  GoalReached,  // a goal's name
  // Of single requests alone.
  Status,    // 404; as a filter also 4xx
  NotFound,  // path that was asked for
  Redirect,  // path that was asked for
  Bot,       // a declared bot's name
  BotPage,   // path that bots asked for
};

inline constexpr std::size_t kDimensions = 25;

/// As in addresses: `browser-version`.
std::string_view dimension_name(Dimension by);
std::optional<Dimension> parse_dimension(std::string_view name);

/// Only visits know it: without consent nobody can say.
bool only_of_visits(Dimension by);
/// Only requests know it: there are no visits, visitors or times in such a table.
bool only_of_requests(Dimension by);

enum class Match : std::uint8_t { Is, IsNot, Contains, Begins };

/// Chooses the visits of which it is true: `page is /basket` are all visits that saw the basket, with all of
/// their figures. Of anonymous requests it chooses the requests of which it is true. Filters of a query must
/// all be true; of a filter's values one.
struct Filter {
  Dimension by = Dimension::Page;
  Match match = Match::Is;
  std::vector<std::string> values;
  friend bool operator==(const Filter&, const Filter&) = default;
};

enum class Granularity : std::uint8_t { Hours, Days, Weeks, Months };

/// What the period is compared with.
enum class Comparison : std::uint8_t {
  None,
  Previous,    // as many days, right before; whole months and years with the month or year before
  YearBefore,  // the same dates a year earlier
  Custom,      // `other`
};

struct Query {
  std::string site;
  Period period;  // days of the site's time zone, both counted
  Comparison compare = Comparison::None;
  Period other;  // for Custom
  std::vector<Filter> filters;

  friend bool operator==(const Query&, const Query&) = default;
};

/// Bounds on what strangers may ask.
inline constexpr std::size_t kMaxFilters = 16;
inline constexpr std::size_t kMaxFilterValues = 32;
inline constexpr std::size_t kMaxFilterText = 2048;
inline constexpr Day kMaxPeriodDays = 366 * 10;

/// The period that it is compared with; empty without one.
std::optional<Period> compared_period(const Query& query);

/// The finest that is worth drawing: hours up to two days, days up to a quarter, weeks up to a year.
Granularity usual_granularity(Period period);

/// `page==/basket|/checkout`, `country!=NO`, `page=~lamp` (contains), `page=^/products` (begins). Values are
/// parted by `|`; a `|`, `\` in one is written with a backslash before it.
std::string filter_text(const Filter& filter);
std::optional<Filter> parse_filter(std::string_view text);

}  // namespace portvakt::insights
