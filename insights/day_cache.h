// Prepared days in memory, for those who ask: each is checked against the store and taken from there, or
// prepared anew when records have come since. Holds as much as its bound says and lets go of what was not
// used longest. One thread; what it is given outlives it.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string_view>
#include <vector>

#include "insights/day_builder.h"
#include "insights/store_settings.h"

namespace portvakt::insights {

class DayCache {
 public:
  DayCache(Database& database, const WordTable& words, const StoreSettings& settings)
      : database_(database), words_(words), settings_(settings) {}

  /// Calls `on_day` for each day of the period that has anything, in order. Inside a reading transaction.
  using OnDay = std::function<void(Day day, const DayColumns& columns)>;
  Result<void> each(std::int64_t site, std::string_view site_name, Period period, const OnDay& on_day);

  std::size_t bytes() const { return bytes_; }

 private:
  struct Entry {
    PreparedDay prepared;
    bool frozen = false;
    std::size_t bytes = 0;
    std::uint64_t used = 0;
  };
  /// What the store says of a prepared day, without its columns.
  struct Stored {
    Day first = 0, last = 0;
    std::int64_t version = 0;
    bool frozen = false;
  };
  using Key = std::pair<std::int64_t, Day>;
  Result<void> look(std::int64_t site, std::string_view zone, Period period);
  Result<void> look_at_versions(std::int64_t site, Period utc);
  std::int64_t version(Day first, Day last) const;
  Result<const DayColumns*> find(std::int64_t site, Day day, const TimeZone& zone);
  Result<PreparedDay> load(std::int64_t site, Day day, const Stored& stored);
  void make_room();

  Database& database_;
  const WordTable& words_;
  const StoreSettings& settings_;
  std::map<Key, Entry> entries_;
  std::size_t bytes_ = 0;
  std::uint64_t clock_ = 0;
  // Of the question that is being answered: sums of versions up to each day of UTC, prepared days.
  Day first_version_ = 0;
  std::vector<std::int64_t> versions_;
  std::map<Day, Stored> stored_;
};

}  // namespace portvakt::insights
