#include "insights/files/json.h"

#include <nlohmann/json.hpp>
#include <numeric>

namespace portvakt::insights {
namespace {

using Json = nlohmann::ordered_json;

Json value_of(const CellValue& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return *number;
  if (const auto* fraction = std::get_if<double>(&value)) return *fraction;
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  return nullptr;
}

Json sheet_tree(const Sheet& sheet) {
  Json columns = Json::array(), rows = Json::array();
  for (const auto& column : sheet.columns) columns.push_back(column.key);
  for (const auto& row : sheet.rows) {
    Json object = Json::object();
    for (std::size_t place = 0; place < row.size(); ++place) {
      const auto& key = sheet.columns[place].key;
      object[key] = value_of(row[place].value);
      const auto* text = std::get_if<std::string>(&row[place].value);
      const auto* number = std::get_if<std::int64_t>(&row[place].value);
      const bool read_otherwise =
          text != nullptr ? *text != row[place].text
                          : place == 0 && number != nullptr && std::to_string(*number) != row[place].text;
      if (read_otherwise) object[key + "_text"] = row[place].text;
    }
    rows.push_back(std::move(object));
  }
  return {{"title", sheet.title}, {"columns", std::move(columns)}, {"rows", std::move(rows)}};
}

/// Texts of records need not be UTF-8: what is not is replaced.
std::string written(const Json& tree) {
  return tree.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json period_tree(Period period) {
  return {{"from", iso_date(period.first)}, {"to", iso_date(period.last)}};
}

Json tables_tree(const std::vector<Sheet>& sheets) {
  Json tables = Json::object();
  for (const auto& sheet : sheets) tables[sheet.id] = sheet_tree(sheet);
  return tables;
}

}  // namespace

std::string sheet_json(const Sheet& sheet) {
  return written(sheet_tree(sheet));
}

std::string screen_json(const Query& query, const std::vector<Sheet>& sheets) {
  const auto compared = compared_period(query);
  Json filters = Json::array();
  for (const auto& filter : query.filters) filters.push_back(filter_text(filter));
  return written({{"site", query.site},
                  {"period", period_tree(query.period)},
                  {"compared", compared ? period_tree(*compared) : Json()},
                  {"filters", std::move(filters)},
                  {"tables", tables_tree(sheets)}});
}

std::string realtime_json(const Words& words, std::string_view site, const Realtime& answer) {
  return written({{"site", site},
                  {"visitors", answer.visitors},
                  {"active", answer.active},
                  {"views", std::accumulate(answer.views.begin(), answer.views.end(), std::int64_t{0})},
                  {"tables", tables_tree(realtime_sheets(words, answer))}});
}

std::string sites_json(const std::vector<std::string>& sites) {
  return written({{"sites", sites}});
}

std::string error_json(std::string_view text) {
  return written({{"error", text}});
}

}  // namespace portvakt::insights
