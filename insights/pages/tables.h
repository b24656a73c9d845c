// Ranked tables: each row a link that adds a filter, its bar, its figures with those before and how far they
// carry. Pure functions.
#pragma once

#include <string>

#include "insights/pages/frame.h"
#include "insights/reports.h"

namespace portvakt::insights {

/// A card of the overview: the table that it shows and links to its other tables.
std::string card(const Frame& frame, std::size_t place, const Table& table);

/// A table's rows, whatever stands around them.
std::string ranked_table(const Frame& frame, const Table& table, bool compared);

/// The screen with all rows of one table.
std::string table_screen(const Frame& frame, const Table& table);

/// `CSV  JSON`, of exactly the table that stands above them.
std::string export_links(const Frame& frame, Dimension by);

}  // namespace portvakt::insights
