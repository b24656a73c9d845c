// One day of a site's calendar, prepared for questions: columns, each text a code of two bytes into the
// column's own list of words. What filters and groups look at lies together, so that a year of a million
// visits is looked through in milliseconds. A value; written to the store as one blob.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace portvakt::insights {

/// The word of what exceeded a column's codes.
inline constexpr std::uint32_t kOverflowWord = 0;
inline constexpr std::size_t kMaxCodes = 65535;

struct Column {
  std::vector<std::uint32_t> words;  // by code
  std::vector<std::uint16_t> codes;  // by row

  std::uint32_t word(std::size_t row) const { return words[codes[row]]; }
};

inline constexpr std::uint32_t kUnknownTime = 0xffffffff;

/// Visits that began on the day, whole, also past midnight. Times are milliseconds.
struct VisitColumns {
  std::vector<std::uint32_t> start;  // since the day began
  std::vector<std::uint32_t> length;
  std::vector<std::uint32_t> subject;
  std::vector<std::uint8_t> bounce;
  std::vector<std::uint32_t> views;   // first of each visit's, and the end of the last one's
  std::vector<std::uint32_t> events;  // likewise
  Column entry, exit, referrer, campaign, channel, country, organisation, browser, version, system, device,
      screen;

  // One row a page view, in the order of visits and time.
  Column path;
  std::vector<std::uint32_t> view_time;    // since the visit began
  std::vector<std::uint32_t> view_length;  // or kUnknownTime

  // One row a click, download or form.
  std::vector<std::uint8_t> event_kind;  // HitKind
  std::vector<std::uint32_t> event_time;
  Column target;

  std::size_t size() const { return start.size(); }
};

/// Requests of everybody by the time of each; alike ones of a quarter of an hour are one row.
struct RequestColumns {
  std::vector<std::uint8_t> quarter;  // since the day began
  std::vector<std::uint8_t> kind;     // RequestKind
  std::vector<std::uint8_t> flags;    // RequestFlag
  std::vector<std::uint16_t> status;
  std::vector<std::uint32_t> amount;
  Column path, referrer, campaign, channel, country, organisation, browser, version, system, device;

  std::size_t size() const { return amount.size(); }
};

struct ConsentColumns {
  std::vector<std::uint8_t> quarter;
  std::vector<std::uint8_t> withdrawn;
  std::vector<std::uint32_t> milliseconds;  // to the choice, or kUnknownTime
  Column choice, how, purposes, policy, text, language, region, page;

  std::size_t size() const { return quarter.size(); }
};

/// Of the page views of one word of a column: all, and with consent. View events are in none of them.
struct PageViews {
  std::int64_t all = 0;
  std::int64_t consented = 0;
  std::int64_t events = 0;  // view events, all of consenting visitors
};

/// Of all requests of the day.
struct DaySums {
  PageViews views;
  std::int64_t requests = 0, consented = 0, not_found = 0, redirects = 0, errors = 0, bots = 0;
};

struct DayColumns {
  VisitColumns visits;
  RequestColumns requests;
  ConsentColumns consents;
  Column held;  // vendors: one row each
  std::vector<std::uint32_t> held_amount;

  /// The sums of RequestColumns' columns by code, in their order: what questions without filters look at.
  std::vector<std::vector<PageViews>> sums;
  DaySums sum;

  void add_up();
  std::size_t bytes() const;
};

/// Adds one row of requests.
void add_row(const RequestColumns& requests, std::size_t row, DaySums& sum);

std::string encode_columns(const DayColumns& day);
/// Empty: it is damaged, or of another program's version.
std::optional<DayColumns> decode_columns(std::string_view bytes);

/// The columns of requests in the order of DayColumns::sums.
inline constexpr std::size_t kRequestColumns = 10;
const Column& request_column(const RequestColumns& requests, std::size_t index);

}  // namespace portvakt::insights
