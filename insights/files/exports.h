// A report as files: the figures that are on the screen, no others. CSV as RFC 4180 has it, and safe to open
// in a spreadsheet. Pure functions.
#pragma once

#include <optional>
#include <string>

#include "insights/overview.h"

namespace portvakt::insights {

std::string report_json(const Report& report);

/// One table, or all of the report with the table's name in the first column.
std::string report_csv(const Report& report, std::optional<Ranking> only);

/// One quoted field. A text that a spreadsheet would run as a formula (it begins with = + - @ tab or return)
/// gets an apostrophe in front: paths and referrers are written by strangers.
std::string csv_field(std::string_view text);

}  // namespace portvakt::insights
