// A table as a value: what stands on the screen, what goes into a file and what the API answers are the same
// sheet. A cell keeps both the figure and how it is read. Values and pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "insights/pages/answers.h"
#include "insights/pages/frame.h"

namespace portvakt::insights {

using CellValue = std::variant<std::monostate, std::int64_t, double, std::string>;

struct Cell {
  CellValue value;   // as machines read it; monostate: withheld, or nothing to say
  std::string text;  // as people read it
};

struct SheetColumn {
  std::string key;    // in JSON
  std::string title;  // on screen and in CSV
};

struct Sheet {
  std::string id;  // in addresses and file names
  std::string title;
  std::vector<SheetColumn> columns;
  std::vector<std::vector<Cell>> rows;
};

Cell text_cell(std::string text);
Cell number_cell(const Words& words, std::int64_t number);
Cell share_cell(const Words& words, std::optional<double> share);
Cell seconds_cell(const Words& words, std::optional<double> seconds);
Cell date_cell(const Words& words, Day day);
Cell absent_cell();

/// With links to its files where the reader may follow them.
std::string sheet_html(const Frame& frame, const Sheet& sheet);
/// In a card of its own, with its title.
std::string sheet_card(const Frame& frame, const Sheet& sheet);

/// All sheets of a screen, in the order of the page.
std::vector<Sheet> overview_sheets(const Words& words, const OverviewAnswer& answer);
Sheet ranked_sheet(const Words& words, const Table& table, bool compared);
std::vector<Sheet> consent_sheets(const Words& words, const ConsentAnswer& answer);
std::vector<Sheet> held_sheets(const Words& words, const HeldAnswer& answer);
std::vector<Sheet> goals_sheets(const Words& words, const GoalsAnswer& answer);
std::vector<Sheet> bots_sheets(const Words& words, const BotsAnswer& answer);
std::vector<Sheet> realtime_sheets(const Words& words, const Realtime& answer);

}  // namespace portvakt::insights
