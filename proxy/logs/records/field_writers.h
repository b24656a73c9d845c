// How the record tables write numbers, times and lists. Private to the room's record files.
#pragma once

#include <charconv>
#include <chrono>
#include <concepts>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/base/clock.h"
#include "proxy/logs/records/record_field.h"

namespace portvakt::logs {

std::string_view number_text(std::integral auto number, std::string& scratch) {
  char digits[24];
  scratch.assign(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
  return scratch;
}

/// Milliseconds since 1970 (UTC), on a whole minute unless the visitor may be recognised.
inline std::string_view time_text(WallTime time, bool exact, std::string& scratch) {
  if (!exact) time = std::chrono::floor<std::chrono::minutes>(time);
  return number_text(time.time_since_epoch().count(), scratch);
}

inline std::string_view list_text(const std::vector<std::string>& words, std::string& scratch) {
  scratch.clear();
  for (const auto& word : words) {
    if (!scratch.empty()) scratch += ", ";
    scratch += word;
  }
  return scratch;
}

/// Runs a record through its table.
template <typename Record>
void encode_by_table(std::span<const RecordField<Record>> table, const Record& record, std::string& out) {
  std::string scratch;
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (table[i].text) append_field(out, i, table[i].text(record, scratch), table[i].limit);
  }
}

}  // namespace portvakt::logs
