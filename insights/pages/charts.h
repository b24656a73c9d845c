// Bars as inline SVG: decoration for figures that stand in a table beside them, with the figures as titles
// for the pointer. Pure functions.
#pragma once

#include <string>
#include <vector>

#include "insights/overview.h"

namespace portvakt::insights {

/// The most page views of one day: the chart's height.
std::int64_t largest_day(const std::vector<DayRow>& days);

/// A bar a day, those with consent at its foot; today's is marked as unfinished.
std::string day_chart(const std::vector<DayRow>& days, Day today);

/// A row's bar, as long as its part of the largest row.
std::string row_bar(const Count& count, std::int64_t largest);

}  // namespace portvakt::insights
