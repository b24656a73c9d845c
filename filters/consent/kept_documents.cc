#include "filters/consent/kept_documents.h"

#include "filters/consent/privacy_documents.h"
#include "proxy/base/json_text.h"

namespace portvakt::consent {
namespace {

constexpr KeptField kFields[] = {
    {"stream",
     "requests: pages and files that were asked for; events: what happened on a page; consents: "
     "choices that were made"},
    {"id", "number of the record"},
    {"t", "time, in milliseconds since 1970-01-01 UTC"},
    {"site", "name of the site"},
    {"event", "what happened: view, outbound, download, form, leave; of a choice: given, refused, withdrawn"},
    {"target", "where an outbound link, a download or a form led to"},
    {"seconds", "how long the page was in the foreground"},
    {"method", "HTTP method"},
    {"path", "address on the site, without anything personal"},
    {"status", "HTTP status of the answer"},
    {"bytes", "size of the answer"},
    {"ms", "duration in milliseconds"},
    {"ip", "internet address, its end cut off"},
    {"country", "country by the address, ISO 3166-1"},
    {"isp", "network operator by the address"},
    {"browser", "family of the browser"},
    {"browser_version", "its major version"},
    {"os", "operating system"},
    {"device", "class of the device"},
    {"screen", "class of the screen's width: xs, s, m, l, xl"},
    {"referrer", "site that the visit came from"},
    {"campaign", "campaign that the link named"},
    {"purposes", "what was permitted then"},
    {"blocked", "partners held back"},
    {"policy", "version of the privacy policy then"},
    {"visitor", "the random number that your browser carries"},
    {"session", "number of the visit"},
    {"receipt", "number of the receipt of a choice"},
    {"choice", "what was chosen"},
    {"how", "where it was chosen"},
    {"vendors_granted", "partners permitted by themselves"},
    {"vendors_refused", "partners refused by themselves"},
    {"text", "version of the texts shown"},
    {"language", "language of the texts shown"},
    {"chain", "seal that ties the receipt to the one before it"},
    {"region", "country whose rules were applied"},
    {"refused", "what was refused then"},
    {"rule", "what held there before a choice: opt-in, opt-out, notice"},
    {"signal", "objection that the browser sent: gpc, dnt"},
    {"expires", "until when the choice holds, in milliseconds since 1970-01-01 UTC"},
    {"more", "fields without a column of their own, as name=value"},
};

bool is_known(std::string_view name) {
  for (const auto& field : kFields) {
    if (field.name == name) return true;
  }
  return false;
}

std::string cell(std::string_view value) {
  std::string out = "\"";
  constexpr std::string_view kFormula = "=+-@\t\r";
  if (!value.empty() && kFormula.find(value.front()) != std::string_view::npos) out.push_back('\'');
  for (const char c : value) {
    if (c == '"') out.push_back('"');
    out.push_back(c);
  }
  return out + "\"";
}

std::string column(const filters::KeptRow& row, std::string_view name) {
  if (name == "stream") return row.stream;
  std::string more;
  for (const auto& [key, value] : row.fields) {
    if (key == name) return value;
    if (name != "more" || is_known(key)) continue;
    if (!more.empty()) more += "; ";
    more.append(key).append("=").append(value);
  }
  return more;
}

}  // namespace

std::string kept_json(std::string_view site, const filters::Answer& kept, WallTime now) {
  std::string out = "{";
  append_json_member(out, "$schema", "my-data.schema.json");
  append_json_member(out, "site", site);
  append_json_member(out, "made_at", iso_time(now));
  out += kept.cut ? ",\"complete\":false" : ",\"complete\":true";
  out += ",\"records\":[";
  for (const auto& row : kept.rows) {
    std::string entry = "{";
    append_json_member(entry, "stream", row.stream);
    for (const auto& [name, value] : row.fields) append_json_member(entry, name, value);
    if (out.back() != '[') out.push_back(',');
    out += "\n" + entry + "}";
  }
  return out + "\n]}\n";
}

std::string kept_json_schema() {
  std::string fields;
  for (const auto& field : kFields) {
    if (field.name == "more") continue;
    if (!fields.empty()) fields += ",\n";
    std::string entry = "{\"type\":\"string\"";
    append_json_member(entry, "description", field.meaning);
    append_json_string(fields, field.name);
    fields += ":" + entry + "}";
  }
  return "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"title\":\"What a site has recorded "
         "of "
         "one visitor\",\"type\":\"object\",\"required\":[\"site\",\"made_at\",\"complete\",\"records\"],"
         "\"properties\":{\"site\":{\"type\":\"string\"},\"made_at\":{\"type\":\"string\",\"format\":"
         "\"date-time\"},\"complete\":{\"type\":\"boolean\",\"description\":\"false if there are more "
         "records "
         "than this document holds\"},\"records\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
         "\"required\":[\"stream\"],\"additionalProperties\":{\"type\":\"string\"},\"properties\":{\n" +
         fields + "}}}}}\n";
}

std::string kept_csv(const filters::Answer& kept) {
  std::string out;
  for (const auto& field : kFields) out += (out.empty() ? "" : ",") + std::string(field.name);
  out += "\r\n";
  for (const auto& row : kept.rows) {
    bool first = true;
    for (const auto& field : kFields) {
      if (!first) out.push_back(',');
      first = false;
      const auto value = column(row, field.name);
      if (!value.empty()) out += cell(value);
    }
    out += "\r\n";
  }
  return out;
}

std::string kept_csv_metadata() {
  std::string columns;
  for (const auto& field : kFields) {
    std::string entry = "{";
    append_json_member(entry, "name", field.name);
    append_json_member(entry, "titles", field.name);
    append_json_member(entry, "dc:description", field.meaning);
    append_json_member(entry, "datatype", "string");
    if (!columns.empty()) columns += ",\n";
    columns += entry + "}";
  }
  return "{\"@context\":\"http://www.w3.org/ns/csvw\",\"url\":\"my-data.csv\",\"dialect\":{\"header\":true},"
         "\"tableSchema\":{\"columns\":[\n" +
         columns + "]}}\n";
}

}  // namespace portvakt::consent
