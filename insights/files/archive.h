// Everything that an overview can show, as one archive of CSV files: the tables behind the tabs too.
#pragma once

#include <string>

#include "insights/pages/sheet.h"

namespace portvakt::insights {

/// Asks for the tables itself: there are more than a page shows.
Result<std::string> overview_archive(Reports& reports, const Words& words, const ScreenState& state);

/// `ferry.example-2026-11-01-2026-11-30-pages.csv`, of characters that are safe in file names and headers.
std::string file_name(std::string_view site, Period period, std::string_view part, std::string_view ending);

}  // namespace portvakt::insights
