// What the reports answer, as values, and the seam behind which they are computed. Whoever draws, exports or
// mails figures asks a Reports and nothing else.
//
// Two kinds of figures stand beside each other and are never mixed: what is known of everybody (requests,
// page views, counted without recognising anybody) and what is known of visits, which only visitors who
// allowed analytics have. Coverage says how far the second speak for the first.
//
// Nobody can be singled out: groups of fewer than `small_group` visitors are folded into `other`, and what
// filters leave of fewer than that many visitors is withheld (`few`).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "insights/definitions.h"
#include "insights/query.h"
#include "proxy/base/clock.h"
#include "proxy/base/result.h"

namespace portvakt::insights {

/// How much of the population the figures of visits speak for: page views by page requests, of the same
/// period and filters.
struct Coverage {
  std::int64_t consented = 0;
  std::int64_t all = 0;
  /// False: some filters only visits know (Entry, Exit …); the population is that of the other filters.
  bool exact = true;
  /// 0 to 1; empty: there were none.
  std::optional<double> share() const;
  friend bool operator==(const Coverage&, const Coverage&) = default;
};

/// How many there were in all if the rest behaved alike.
struct Estimate {
  std::int64_t likely = 0;
  std::int64_t low =
      0;  // the range in which chance alone leaves it in 95 of 100 cases; never below what was seen
  std::int64_t high = 0;
  friend bool operator==(const Estimate&, const Estimate&) = default;
};
/// Empty: nobody consented, or nobody came.
std::optional<Estimate> estimate(std::int64_t seen, const Coverage& coverage);

struct Figures {
  // Of visits: consenting visitors alone.
  std::int64_t visits = 0;
  std::int64_t visitors = 0;
  std::int64_t visit_views = 0;  // page views in these visits
  std::int64_t bounces = 0;      // visits of one page view in which nothing was clicked, loaded or sent
  std::int64_t visit_milliseconds = 0;  // from first page view to the end that is known, of all visits
  std::int64_t timed_views = 0;         // page views whose time is known
  std::int64_t view_milliseconds = 0;   // of these
  // Of everybody, consenting or not; declared bots apart.
  std::int64_t views = 0;  // page views
  Coverage coverage;
  /// The figures of visits are withheld: they would be of fewer than `small_group` visitors.
  bool few = false;

  std::optional<double> bounce_rate() const;    // 0 to 1
  std::optional<double> visit_seconds() const;  // of a visit on average
  std::optional<double> view_seconds() const;   // on a page on average
  std::optional<double> views_per_visit() const;
  friend bool operator==(const Figures&, const Figures&) = default;
};

/// Requests of everybody, whatever the filters that only visits know.
struct Requests {
  std::int64_t requests = 0;   // of people
  std::int64_t consented = 0;  // of these with analytics consent
  std::int64_t not_found = 0;  // 404 and 410
  std::int64_t redirects = 0;
  std::int64_t errors = 0;  // 5xx
  std::int64_t bots = 0;    // requests of declared bots, in none of the above
  friend bool operator==(const Requests&, const Requests&) = default;
};

struct Totals {
  Figures figures;
  Requests requests;
  friend bool operator==(const Totals&, const Totals&) = default;
};

struct TotalsAnswer {
  Totals now;
  std::optional<Totals> before;  // of the compared period
  std::optional<Period> compared;
};

/// One step of a time axis: [begins, ends).
struct Bucket {
  WallTime begins{};
  WallTime ends{};
  Day day = 0;        // the site's calendar day on which it begins
  int hour = 0;       // and hour; on the day that summer time ends one hour comes twice
  bool open = false;  // not over yet
};

struct Point {
  Bucket bucket;
  Figures figures;
};

struct Series {
  Granularity granularity = Granularity::Days;
  std::vector<Point> now;
  std::vector<Point> before;  // of the compared period, its own buckets
};

struct Row {
  std::string name;
  Figures figures;
  std::optional<Figures> before;
};

enum class Order : std::uint8_t { Visits, Visitors, Views, Time };

struct TableOptions {
  std::size_t limit = 10;
  std::size_t offset = 0;
  Order order = Order::Visits;  // tables of requests alone: always by `views`
  std::string contains;         // only rows whose name has this
};

/// In tables of Dimension::Outbound, Download, Form and GoalReached the figures are those of the visits that
/// did it, and `events` counts how often.
struct Table {
  Dimension by = Dimension::Page;
  std::vector<Row> rows;
  std::vector<std::int64_t> events;  // one a row; empty in other tables
  Figures other;                     // the groups that are too small
  std::size_t groups = 0;            // all that are large enough to be shown, also beyond the limit
  std::size_t folded = 0;            // in `other`
};

struct GoalRow {
  Goal goal;
  std::int64_t visits = 0;  // in which it was reached
  std::int64_t visitors = 0;
  std::int64_t completions = 0;  // how often in all
  double rate = 0;               // of all visits, 0 to 1
  std::int64_t everybody = 0;    // requests that reach it, consenting or not; 0 where only events tell
  bool few = false;
  std::optional<std::int64_t> visits_before;
  std::optional<double> rate_before;
};

struct FunnelStepRow {
  std::string name;
  std::int64_t visits = 0;  // that came this far, in order
  bool few = false;
};

struct FunnelAnswer {
  Funnel funnel;
  std::int64_t all = 0;  // visits, whether they entered or not
  std::vector<FunnelStepRow> steps;
  std::vector<FunnelStepRow> before;
  Coverage coverage;
};

inline constexpr std::size_t kRealtimeMinutes = 30;

struct Realtime {
  WallTime now{};
  std::array<std::int64_t, kRealtimeMinutes> views{};  // of everybody, by minute, the oldest first; the last
                                                       // minute is not over
  std::int64_t visitors = 0;                           // consenting, active in the last 30 minutes
  std::int64_t active = 0;                             // and in the last five
  Coverage coverage;
  std::vector<Row> pages, referrers, countries;  // of the last 30 minutes, by views of everybody, at most ten
};

/// The name of the row that holds the groups which are too small; no text of a record is like it.
inline constexpr std::string_view kOtherName = "\x1f";

/// One group of the consent figures.
struct ConsentRow {
  std::string name;
  std::int64_t shown = 0;      // page views on which the banner stood
  std::int64_t chosen = 0;     // receipts
  std::int64_t accepted = 0;   // everything
  std::int64_t rejected = 0;   // everything
  std::int64_t selected = 0;   // some of it
  std::int64_t withdrawn = 0;  // choices that took back what was granted before
  std::int64_t analytics = 0;  // choices that grant analytics
  friend bool operator==(const ConsentRow&, const ConsentRow&) = default;
};

struct ConsentPurposeRow {
  std::string purpose;
  std::int64_t granted = 0;
  std::int64_t refused = 0;
  friend bool operator==(const ConsentPurposeRow&, const ConsentPurposeRow&) = default;
};

struct ConsentPoint {
  Bucket bucket;
  ConsentRow figures;
};

/// Upper ends in seconds of the classes of times to choice; the last class has none.
inline constexpr std::array<int, 7> kChoiceSeconds = {2, 5, 10, 20, 30, 60, 300};

struct ConsentAnswer {
  ConsentRow now;
  std::optional<ConsentRow> before;
  std::vector<ConsentPurposeRow> purposes;
  std::vector<ConsentRow> choices, countries, pages, languages, policies, texts, hows;  // the largest first
  std::vector<ConsentPoint> series;
  std::array<std::int64_t, kChoiceSeconds.size() + 1> seconds{};  // time to choice, where it is known
  std::int64_t timed = 0;                                         // choices whose time is known
  std::optional<double> median_seconds;
  std::int64_t gpc = 0;        // page views that came with Global Privacy Control
  std::int64_t gpc_known = 0;  // of so many page views that say whether
};

struct HeldRow {
  std::string vendor;
  std::int64_t requests = 0;  // page views it was kept out of
  std::int64_t before = 0;    // in the compared period
  Day first_seen = 0;         // the site's calendar; ever, not only in the period
  Day last_seen = 0;
  bool is_new = false;  // first seen within the last seven days
};

/// What stands in the live inventory: third parties and cookies seen in traffic.
struct InventoryRow {
  std::string kind;  // host | cookie, and whatever else the inventory knows
  std::string name;
  std::string vendor;   // empty: unknown
  std::string purpose;  // empty: unknown
  std::string example;  // a page that it was seen on
  std::int64_t count = 0;
  std::optional<WallTime> first_seen;
  std::optional<WallTime> last_seen;
  bool known = false;   // a rule, the catalogue or the configuration says what it is
  bool is_new = false;  // first seen within the last seven days
};

struct HeldAnswer {
  std::int64_t requests = 0;  // page views from which something was held back
  std::int64_t views = 0;     // of so many by everybody
  std::vector<HeldRow> vendors;
  std::vector<InventoryRow> inventory;
};

/// For one thread at a time; several may exist on one store, also in other processes. An Error says that the
/// store cannot be read or that the query makes no sense (ErrorKind::Invalid).
class Reports {
 public:
  virtual ~Reports() = default;

  /// Sites that have records, by name.
  virtual Result<std::vector<std::string>> sites() = 0;
  /// The first and last of the site's days that have records; empty: none.
  virtual Result<std::optional<Period>> span(std::string_view site) = 0;
  /// The day that the site's calendar shows now.
  virtual Day today(std::string_view site) = 0;
  /// Fewer visitors than this are not told apart.
  virtual int small_group() const = 0;

  virtual Result<TotalsAnswer> totals(const Query& query) = 0;
  virtual Result<Series> series(const Query& query, Granularity granularity) = 0;
  virtual Result<Table> table(const Query& query, Dimension by, const TableOptions& options) = 0;
  virtual Result<std::vector<GoalRow>> goals(const Query& query) = 0;
  virtual Result<FunnelAnswer> funnel(const Query& query, const Funnel& funnel) = 0;
  virtual Result<Realtime> realtime(std::string_view site) = 0;
  virtual Result<ConsentAnswer> consent(const Query& query, Granularity granularity) = 0;
  virtual Result<HeldAnswer> held(const Query& query) = 0;

  virtual Definitions& definitions() = 0;
};

}  // namespace portvakt::insights
