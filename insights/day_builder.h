// Prepares one day of a site's calendar from the rows that have arrived: finds the visits, counts requests by
// quarters of an hour. Only reads; inside a transaction, so that rows and versions belong together. Private
// to the room's store files; what it is given outlives it.
#pragma once

#include <set>

#include "insights/day_columns.h"
#include "insights/time_zone.h"
#include "insights/visit_builder.h"
#include "insights/word_table.h"

namespace portvakt::insights {

struct PreparedDay {
  DayColumns columns;
  // The days of UTC that were looked at, and the sum of their versions: while it stands, so does this.
  Day first = 0;
  Day last = 0;
  std::int64_t version = 0;
};

class DayBuilder {
 public:
  DayBuilder(Database& database, const WordTable& words) : database_(database), words_(words) {}
  Result<PreparedDay> build(std::int64_t site, Day day, const TimeZone& zone);

 private:
  Result<void> read_restricted(std::int64_t site);
  Result<void> read_hits(std::int64_t site, std::int64_t from, std::int64_t to, std::vector<Hit>& hits);
  Result<void> build_visits_of(std::int64_t site, DaySpan span, PreparedDay& day);
  Result<void> build_requests(std::int64_t site, DaySpan span, const std::vector<Hit>& hits,
                              RequestColumns& out);
  Result<void> build_consents(std::int64_t site, DaySpan span, ConsentColumns& out);
  Result<void> build_held(std::int64_t site, DaySpan span, DayColumns& out);

  Database& database_;
  const WordTable& words_;
  std::set<std::uint32_t> restricted_;
};

/// The sum of the versions of days of UTC.
Result<std::int64_t> sum_versions(Database& database, std::int64_t site, Day first, Day last);

}  // namespace portvakt::insights
