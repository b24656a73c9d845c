// When a visitor's request must be answered: within one month of the day on which it came, or three if its
// time was extended (GDPR article 12(3)). A month ends with the day of the same number, or with the month's
// last day where there is none (Regulation 1182/71, article 3): 31 January leads to 28 or 29 February. Days
// are UTC's. Pure functions.
#pragma once

#include <chrono>

#include "proxy/base/clock.h"

namespace portvakt::logs {

inline constexpr std::chrono::months kAnswerTime{1};
inline constexpr std::chrono::months kExtendedTime{3};  // from the day on which the request came, too

/// The last day for the answer.
std::chrono::sys_days due_day(WallTime received, std::chrono::months time);

/// The moment from which that day is over.
WallTime end_of(std::chrono::sys_days day);

}  // namespace portvakt::logs
