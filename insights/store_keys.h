// The keys of the tables in which records arrive: site, day of UTC and arrival in one number, so that a day
// is a range. Pure functions, private to the room's store files.
#pragma once

#include <cstdint>

#include "insights/day.h"

namespace portvakt::insights {

inline constexpr int kArrivalBits = 28;
inline constexpr int kDayBits = 17;
inline constexpr Day kLastDay = (Day{1} << kDayBits) - 1;

inline constexpr std::int64_t arrival_key(std::int64_t site, Day day, std::int64_t arrival) {
  return (site << (kDayBits + kArrivalBits)) | (day << kArrivalBits) | arrival;
}
/// The first key of a day; of the day after, the end of the range.
inline constexpr std::int64_t day_key(std::int64_t site, Day day) {
  return arrival_key(site, day, 0);
}
inline constexpr Day day_of_key(std::int64_t key) {
  return (key >> kArrivalBits) & kLastDay;
}

inline constexpr std::int64_t kDayMillis = 86'400'000;
inline constexpr std::int64_t kMinuteMillis = 60'000;

inline constexpr Day utc_day(std::int64_t milliseconds) {
  return milliseconds / kDayMillis;
}

}  // namespace portvakt::insights
