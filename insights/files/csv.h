// A sheet as CSV (RFC 4180), safe to open in a spreadsheet. Pure functions.
#pragma once

#include <string>
#include <string_view>

#include "insights/pages/sheet.h"

namespace portvakt::insights {

/// Figures as machines read them, titles as people do; lines end with CR LF.
std::string csv_text(const Sheet& sheet);

/// One quoted field. A text that a spreadsheet would run as a formula (it begins with = + - @ tab or return)
/// gets an apostrophe in front: paths and referrers are written by strangers.
std::string csv_field(std::string_view text);

}  // namespace portvakt::insights
