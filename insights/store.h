// What the reports know: counts by day, and the visitors who allowed to be recognised. The room's seam to
// storage: all SQL is behind this class, so that a column store can take its place when one machine is
// outgrown. Such a store must keep take()'s promise: position and rows are committed together. Several
// processes may have the same file open; one thread uses a Store at a time, and readers do not wait for the
// writer.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "insights/day.h"
#include "insights/source.h"

namespace portvakt::insights {

/// A number of all, and how many of them came with analytics consent.
struct Count {
  std::int64_t all = 0;
  std::int64_t consented = 0;
  friend bool operator==(const Count&, const Count&) = default;
};

struct OverviewTotals {
  Count requests;  // of people; declared bots are apart
  Count views;
  std::int64_t bots = 0;       // requests
  std::int64_t not_found = 0;  // requests of people
  std::int64_t visits = 0;     // days on which a consenting visitor came
  std::int64_t visitors = 0;   // who consented
  friend bool operator==(const OverviewTotals&, const OverviewTotals&) = default;
};

struct RankedRow {
  std::string name;
  Count count;
  friend bool operator==(const RankedRow&, const RankedRow&) = default;
};

struct DayRow {
  Day day = 0;
  Count views;
  friend bool operator==(const DayRow&, const DayRow&) = default;
};

/// What page views are ranked by; NotFound ranks requests that found nothing, by path, Choice the answers to
/// the banner, Held the vendors by the requests whose page they were kept out of.
enum class Ranking : std::uint8_t { Page, Referrer, Country, Browser, Device, NotFound, Choice, Held };

class Store {
 public:
  static Result<std::unique_ptr<Store>> open(const std::filesystem::path& file);
  ~Store();

  /// How far a stream was taken; empty: not at all.
  Result<std::string> position(std::string_view stream);
  /// How many of the records were new and readable. Nothing at all is stored when the stream stands elsewhere
  /// than the batch says (it came twice, or another process was faster); single records that a stream repeats
  /// are known by their `id` and count once.
  Result<std::size_t> take(const RecordBatch& batch);
  /// Visitors' identifiers of days before this one; the counts stay.
  Result<void> forget_visitors_before(Day day);

  /// Those that have sent anything, by name.
  Result<std::vector<std::string>> sites();
  Result<OverviewTotals> totals(std::string_view site, Period period);
  /// Days without any are left out.
  Result<std::vector<DayRow>> days(std::string_view site, Period period);
  /// The largest first.
  Result<std::vector<RankedRow>> ranking(std::string_view site, Period period, Ranking by, std::size_t limit);

 private:
  struct State;
  explicit Store(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace portvakt::insights
