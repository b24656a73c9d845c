#include "insights/files/csv.h"

#include <array>
#include <cstdio>

namespace portvakt::insights {
namespace {

std::string csv_value(const CellValue& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  if (const auto* fraction = std::get_if<double>(&value)) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.4f", *fraction);
    return text.data();
  }
  if (const auto* text = std::get_if<std::string>(&value)) return csv_field(*text);
  return {};
}

}  // namespace

std::string csv_field(std::string_view text) {
  std::string out = "\"";
  // White space in front does not stop a spreadsheet, and neither does a full-width sign.
  const auto first = text.find_first_not_of(" \n");
  const auto rest = first == std::string_view::npos ? std::string_view() : text.substr(first);
  constexpr std::string_view kWide[] = {"\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0"};
  bool formula = !rest.empty() && std::string_view("=+-@\t\r").find(rest.front()) != std::string_view::npos;
  for (const auto sign : kWide) formula = formula || rest.starts_with(sign);
  if (formula) out += '\'';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

std::string csv_text(const Sheet& sheet) {
  std::string out;
  for (const auto& column : sheet.columns) out += (out.empty() ? "" : ",") + csv_field(column.title);
  out += "\r\n";
  for (const auto& row : sheet.rows) {
    for (std::size_t place = 0; place < row.size(); ++place)
      out += (place == 0 ? "" : ",") + csv_value(row[place].value);
    out += "\r\n";
  }
  return out;
}

}  // namespace portvakt::insights
