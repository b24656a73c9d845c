#include "insights/files/exports.h"

#include "insights/pages/labels.h"
#include "proxy/base/json_text.h"

namespace portvakt::insights {
namespace {

void append_number(std::string& out, std::string_view name, std::int64_t number) {
  if (out.back() != '{') out += ',';
  append_json_string(out, name);
  out += ':';
  out += std::to_string(number);
}

/// The comma or nothing, the name and what opens its value.
void open_member(std::string& out, std::string_view name, char bracket) {
  if (out.back() != '{') out += ',';
  append_json_string(out, name);
  out += ':';
  out += bracket;
}

void append_count(std::string& out, std::string_view name, const Count& count) {
  open_member(out, name, '{');
  append_number(out, "all", count.all);
  append_number(out, "consented", count.consented);
  out += '}';
}

void append_totals(std::string& out, std::string_view name, const OverviewTotals& totals) {
  open_member(out, name, '{');
  append_count(out, "requests", totals.requests);
  append_count(out, "page_views", totals.views);
  append_number(out, "visits", totals.visits);
  append_number(out, "visitors", totals.visitors);
  append_number(out, "not_found", totals.not_found);
  append_number(out, "bot_requests", totals.bots);
  out += '}';
}

void append_table(std::string& out, const RankedTable& table) {
  open_member(out, table_labels(table.by).id, '[');
  for (const auto& row : table.rows) {
    if (out.back() != '[') out += ',';
    out += '{';
    append_json_member(out, "name", row.name);
    append_number(out, "all", row.count.all);
    append_number(out, "consented", row.count.consented);
    out += '}';
  }
  out += ']';
}

void append_days(std::string& out, const std::vector<DayRow>& days) {
  open_member(out, "days", '[');
  for (const auto& row : days) {
    if (out.back() != '[') out += ',';
    out += '{';
    append_json_member(out, "day", iso_date(row.day));
    append_count(out, "page_views", row.views);
    out += '}';
  }
  out += ']';
}

void append_row(std::string& out, std::string_view table, std::string_view name, const Count& count) {
  if (!table.empty()) out += csv_field(table) + ",";
  out += csv_field(name) + "," + std::to_string(count.all) + "," + std::to_string(count.consented) + "\r\n";
}

}  // namespace

std::string report_json(const Report& report) {
  std::string out = "{";
  append_json_member(out, "site", report.site);
  append_json_member(out, "first_day", iso_date(report.period.first));
  append_json_member(out, "last_day", iso_date(report.period.last));
  append_totals(out, "totals", report.now);
  append_totals(out, "totals_before", report.before);
  append_days(out, report.days);
  for (const auto& table : report.tables) append_table(out, table);
  return out + "}\n";
}

std::string csv_field(std::string_view text) {
  std::string out = "\"";
  if (!text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos) out += '\'';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

std::string report_csv(const Report& report, std::optional<Ranking> only) {
  std::string out;
  if (!only) {
    out = "\"Table\",\"Name\",\"All\",\"With analytics consent\"\r\n";
    for (const auto& row : report.days) append_row(out, "Days", iso_date(row.day), row.views);
  }
  for (const auto& table : report.tables) {
    const auto& labels = table_labels(table.by);
    if (only && table.by != *only) continue;
    if (only) {
      out = csv_field(labels.column) + "," + csv_field(labels.counted) + ",\"With analytics consent\"\r\n";
    }
    for (const auto& row : table.rows) {
      append_row(out, only ? std::string_view() : labels.title, row_label(table.by, row.name), row.count);
    }
  }
  return out;
}

}  // namespace portvakt::insights
