// Calendar days of UTC: what reports count by. A day is a number (since 1970), a period a run of them.
// Values.
#pragma once

#include <chrono>
#include <cstdint>

#include "proxy/base/clock.h"

namespace portvakt::insights {

using Day = std::int64_t;

inline Day day_of(WallTime time) {
  return std::chrono::floor<std::chrono::days>(time).time_since_epoch().count();
}

/// First and last day, both counted.
struct Period {
  Day first = 0;
  Day last = 0;

  Day days() const { return last - first + 1; }
  /// As many days, right before it.
  Period before() const { return {first - days(), first - 1}; }
  bool holds(Day day) const { return day >= first && day <= last; }
  friend bool operator==(const Period&, const Period&) = default;
};

}  // namespace portvakt::insights
