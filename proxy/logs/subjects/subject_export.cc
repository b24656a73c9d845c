#include "proxy/logs/subjects/subject_export.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <vector>

#include "proxy/base/ascii.h"
#include "proxy/base/json_text.h"
#include "proxy/logs/records/access_record.h"
#include "proxy/logs/records/consent_record.h"
#include "proxy/logs/records/event_record.h"

namespace portvakt::logs {
namespace {

constexpr std::string_view kSchemaName = "portvakt-subject-1";
constexpr std::array<std::string_view, 4> kNumbers = {"status", "bytes", "ms", "seconds"};
constexpr std::array<std::string_view, 4> kLists = {"purposes", "blocked", "vendors_granted",
                                                    "vendors_refused"};

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

std::string time_text(WallTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{time - day};
  std::array<char, 40> text;
  const int size = std::snprintf(
      text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
      static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
      static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
  return {text.data(), static_cast<std::size_t>(size)};
}

/// `t` as people write time; what is no time stays as it is.
std::string time_field(std::string_view value) {
  const auto time = ascii::parse_uint(value);
  if (!time) return std::string(value);
  return time_text(WallTime{std::chrono::milliseconds{static_cast<std::int64_t>(*time)}});
}

void append_list(std::string& out, std::string_view value) {
  out += '[';
  while (!value.empty()) {
    const std::size_t end = std::min(value.find(", "), value.size());
    append_json_string(out, value.substr(0, end));
    value.remove_prefix(std::min(end + 2, value.size()));
    if (!value.empty()) out += ',';
  }
  out += ']';
}

void append_value(std::string& out, std::string_view name, std::string_view value) {
  if (is_one_of(kLists, name)) return append_list(out, value);
  if (is_one_of(kNumbers, name)) {
    if (const auto number = ascii::parse_uint(value)) {
      out += std::to_string(*number);
      return;
    }
  }
  append_json_string(out, name == "t" ? time_field(value) : std::string(value));
}

template <typename Record>
void add_names(std::span<const RecordField<Record>> table, std::vector<std::string_view>& names) {
  for (const auto& field : table) {
    if (std::ranges::find(names, field.name) == names.end()) names.push_back(field.name);
  }
}

/// Of all kinds, each once.
std::vector<std::string_view> all_names() {
  std::vector<std::string_view> names;
  add_names(access_fields(), names);
  add_names(consent_fields(), names);
  add_names(event_fields(), names);
  return names;
}

/// A cell that a spreadsheet would take for a formula gets an apostrophe before it.
void append_cell(std::string& out, std::string_view value) {
  constexpr std::string_view kFormula = "=+-@\t\r";
  const bool formula = !value.empty() && kFormula.find(value[0]) != std::string_view::npos;
  if (!formula && value.find_first_of(",\"\r\n") == std::string_view::npos) {
    out += value;
    return;
  }
  out += '"';
  if (formula) out += '\'';
  for (const char c : value) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

std::string_view type_of(std::string_view name) {
  if (name == "t") return R"({"type":"string","format":"date-time"})";
  if (is_one_of(kNumbers, name)) return R"({"type":"integer","minimum":0})";
  if (is_one_of(kLists, name)) return R"({"type":"array","items":{"type":"string"}})";
  return R"({"type":"string"})";
}

}  // namespace

std::string_view row_kind(RecordKind kind) {
  switch (kind) {
    case RecordKind::Consent:
      return "consent";
    case RecordKind::Event:
      return "event";
    default:
      return "request";
  }
}

void JsonExport::begin(const ExportHead& head) {
  out_ += '{';
  append_json_member(out_, "schema", kSchemaName);
  append_json_member(out_, "site", head.site);
  append_json_member(out_, "subject", head.subject);
  append_json_member(out_, "exported", time_text(head.at));
  if (head.restricted_since) append_json_member(out_, "restricted_since", time_text(*head.restricted_since));
  out_ += ",\"rows\":[";
}

void JsonExport::add(const SubjectRow& row) {
  out_ += first_ ? "\n{" : ",\n{";
  first_ = false;
  append_json_member(out_, "kind", row_kind(row.kind));
  append_json_member(out_, "day", row.day);
  for (const auto& [name, value] : row.fields) {
    out_ += ',';
    append_json_string(out_, name);
    out_ += ':';
    append_value(out_, name, value);
  }
  out_ += '}';
}

void JsonExport::end() {
  out_ += "\n]}\n";
}

void append_csv_head(std::string& out) {
  out += "kind,day";
  for (const auto name : all_names()) out.append(",").append(name);
  out += "\r\n";
}

void append_csv_row(std::string& out, const SubjectRow& row) {
  out.append(row_kind(row.kind)).append(",").append(row.day);
  for (const auto name : all_names()) {
    out += ',';
    const auto value = row.value(name);
    append_cell(out, name == "t" ? time_field(value) : std::string(value));
  }
  out += "\r\n";
}

std::string export_schema() {
  std::string out =
      R"({"$schema":"https://json-schema.org/draft/2020-12/schema","title":"What is kept of one visitor",)"
      R"("type":"object","required":["schema","site","subject","exported","rows"],"properties":{)"
      R"("schema":{"const":"portvakt-subject-1"},"site":{"type":"string"},"subject":{"type":"string"},)"
      R"("exported":{"type":"string","format":"date-time"},)"
      R"("restricted_since":{"type":"string","format":"date-time"},)"
      R"("rows":{"type":"array","items":{"type":"object","required":["kind","day","t"],"properties":{)"
      R"("kind":{"enum":["request","consent","event"]},"day":{"type":"string","format":"date"})";
  for (const auto name : all_names()) {
    out += ',';
    append_json_string(out, name);
    out.append(":").append(type_of(name));
  }
  return out + "}}}}}\n";
}

}  // namespace portvakt::logs
