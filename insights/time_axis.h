// A time axis: the steps of a period in a site's calendar, and in which of them something falls. A value.
#pragma once

#include <vector>

#include "insights/reports.h"
#include "insights/time_zone.h"

namespace portvakt::insights {

class TimeAxis {
 public:
  /// Weeks begin on Mondays; the first and the last step end with the period.
  TimeAxis(Period period, Granularity granularity, const TimeZone& zone, WallTime now);

  const std::vector<Bucket>& buckets() const { return buckets_; }
  /// The step in which a moment of a day of the period falls, by the time since that day began.
  std::size_t place(Day day, std::int64_t milliseconds) const {
    const auto place = places_[static_cast<std::size_t>(day - first_)];
    return hourly_ ? place + static_cast<std::size_t>(milliseconds / kHour) : place;
  }

 private:
  static constexpr std::int64_t kHour = 3'600'000;
  Day first_ = 0;
  bool hourly_ = false;
  std::vector<Bucket> buckets_;
  std::vector<std::size_t> places_;  // by day: its step, or its first
};

}  // namespace portvakt::insights
