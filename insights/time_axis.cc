#include "insights/time_axis.h"

#include <algorithm>
#include <chrono>

namespace portvakt::insights {
namespace {

bool begins_step(Day day, Granularity granularity) {
  if (granularity == Granularity::Weeks) return (day + 3) % 7 == 0;  // 1 January 1970 was a Thursday
  if (granularity != Granularity::Months) return true;
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day}}};
  return date.day() == std::chrono::day{1};
}

}  // namespace

TimeAxis::TimeAxis(Period period, Granularity granularity, const TimeZone& zone, WallTime now)
    : first_(period.first), hourly_(granularity == Granularity::Hours) {
  WallTime begins = zone.begin(period.first);
  for (Day day = period.first; day <= period.last; ++day) {
    const WallTime ends = zone.begin(day + 1);
    if (day == period.first || begins_step(day, granularity)) {
      places_.push_back(buckets_.size());
      for (auto hour = begins; hourly_ && hour + std::chrono::hours{1} < ends; hour += std::chrono::hours{1})
        buckets_.push_back({hour, hour + std::chrono::hours{1}, day, zone.hour(hour), false});
      const auto last = !hourly_ || buckets_.size() == places_.back() ? begins : buckets_.back().ends;
      buckets_.push_back({last, ends, day, hourly_ ? zone.hour(last) : 0, false});
    } else {
      places_.push_back(buckets_.size() - 1);
      buckets_.back().ends = ends;
    }
    begins = ends;
  }
  for (auto& bucket : buckets_) bucket.open = bucket.begins <= now && bucket.ends > now;
}

}  // namespace portvakt::insights
