// A report as one page of HTML: complete without a script, figures in tables, bars as inline SVG beside them.
// Everything that comes from records or configuration is escaped here. Pure functions.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "insights/overview.h"

namespace portvakt::insights {

/// What stands around the report.
struct PageFrame {
  std::vector<std::string> sites;
  Day today = 0;
  bool demo = false;  // the figures are made up, and the page says so
};

std::string report_page(const Report& report, const PageFrame& frame);

/// A page that says one thing: no such address, no site yet.
std::string notice_page(std::string_view title, std::string_view text);

/// The periods that the page offers, in days up to today.
inline constexpr std::array<Day, 3> kPeriods = {7, 30, 90};

}  // namespace portvakt::insights
