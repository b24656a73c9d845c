// How figures are written for people: numbers, dates, shares, and the names of what records hold as codes.
// English for now; the only place that later languages have to visit beside the pages' own sentences.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "insights/overview.h"

namespace portvakt::insights {

/// `12,345`.
std::string number_text(std::int64_t number);
/// `22 Nov 2026`.
std::string date_text(Day day);
/// `2026-11-22`.
std::string iso_date(Day day);
/// `41 %`; an en dash where there is nothing to take a share of.
std::string share_text(const Count& count);

struct TableLabels {
  std::string_view id;  // in addresses and files
  std::string_view title;
  std::string_view column;   // what the rows are
  std::string_view counted;  // what their numbers count
  std::string_view empty;    // said when there are no rows
};
const TableLabels& table_labels(Ranking by);

/// A row's name: `NO` becomes Norway, an absent referrer a word.
std::string row_label(Ranking by, std::string_view name);

}  // namespace portvakt::insights
