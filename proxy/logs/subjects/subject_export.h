// A visitor's rows as documents to take away: JSON with a schema (numbers as numbers, lists as lists, times
// as RFC 3339) and CSV (RFC 4180, one table over all kinds). Pure; rows are written as they come, so that
// nothing holds them all.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "proxy/base/clock.h"
#include "proxy/logs/subjects/subject_store.h"

namespace portvakt::logs {

/// What stands before the rows.
struct ExportHead {
  std::string_view site;
  std::string_view subject;
  WallTime at{};
  std::optional<WallTime> restricted_since;
};

/// Begin, rows in any order, end: one JSON object, `{"schema":…,"rows":[…]}`. Each appends to `out`.
class JsonExport {
 public:
  explicit JsonExport(std::string& out) : out_(out) {}
  void begin(const ExportHead& head);
  void add(const SubjectRow& row);
  void end();

 private:
  std::string& out_;
  bool first_ = true;
};

/// The header line, then a line a row.
void append_csv_head(std::string& out);
void append_csv_row(std::string& out, const SubjectRow& row);

/// The JSON Schema (2020-12) of what JsonExport writes, made of the tables that the records are written by.
std::string export_schema();

/// `request`, `consent`, `event`.
std::string_view row_kind(RecordKind kind);

}  // namespace portvakt::logs
