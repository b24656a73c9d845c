// Sheets as JSON: what the API answers and the pages' script reads. Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "insights/pages/sheet.h"

namespace portvakt::insights {

/// One sheet: `{"columns": […], "rows": [{…}]}`. A value that people read otherwise than it is written has
/// its reading beside it: `country` and `country_text`.
std::string sheet_json(const Sheet& sheet);

/// A screen: site, period, what it is compared with, and its sheets by their ids.
std::string screen_json(const Query& query, const std::vector<Sheet>& sheets);

/// The last half hour, with its three numbers.
std::string realtime_json(const Words& words, std::string_view site, const Realtime& answer);

std::string sites_json(const std::vector<std::string>& sites);

/// `{"error": "…"}`.
std::string error_json(std::string_view text);

}  // namespace portvakt::insights
