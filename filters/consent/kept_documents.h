// What is kept of a visitor, as documents to take along: JSON (RFC 8259) with its JSON Schema, and CSV
// (RFC 4180, with a header line) with its description (W3C Tabular Data, the metadata of `my-data.csv`). No
// state.
#pragma once

#include <string>
#include <string_view>

#include "filters/question.h"

namespace portvakt::consent {

/// The names that a record's field may have, in the order of CSV columns, and what they mean, in English.
struct KeptField {
  std::string_view name;
  std::string_view meaning;
};

std::string kept_json(std::string_view site, const filters::Answer& kept, WallTime now);
std::string kept_json_schema();
/// A cell that a spreadsheet would take for a formula gets a quote in front.
std::string kept_csv(const filters::Answer& kept);
std::string kept_csv_metadata();

}  // namespace portvakt::consent
