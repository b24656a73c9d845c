#include "proxy/logs/inventory/inventory_text.h"

#include <nlohmann/json.hpp>

#include "proxy/base/json_text.h"

namespace portvakt::logs {
namespace {

using filters::SeenItem;
using filters::SeenKind;

std::int64_t ms_of(WallTime time) {
  return time.time_since_epoch().count();
}

void append_number(std::string& out, std::string_view name, std::int64_t value) {
  if (out.back() != '{') out.push_back(',');
  append_json_string(out, name);
  out += ":" + std::to_string(value);
}

std::string text_of(const nlohmann::json& item, const char* name) {
  const auto found = item.find(name);
  return found != item.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::int64_t number_of(const nlohmann::json& item, const char* name, std::int64_t otherwise) {
  const auto found = item.find(name);
  return found != item.end() && found->is_number_integer() ? found->get<std::int64_t>() : otherwise;
}

}  // namespace

std::string field_of(const SeenItem& item) {
  return std::string(filters::kind_name(item.kind)) + ":" + item.name;
}

std::string item_text(const SeenItem& item) {
  std::string out = "{";
  append_json_member(out, "kind", filters::kind_name(item.kind));
  append_json_member(out, "name", item.name);
  append_json_member(out, "vendor", item.vendor);
  append_json_member(out, "purpose", item.purpose);
  append_number(out, "first", ms_of(item.first));
  append_number(out, "last", ms_of(item.last));
  append_number(out, "count", static_cast<std::int64_t>(item.count));
  append_number(out, "held", static_cast<std::int64_t>(item.held));
  append_number(out, "lifetime", item.lifetime);
  append_json_member(out, "example", item.example);
  return out + "}";
}

std::optional<SeenItem> parse_item(std::string_view text) {
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  SeenItem item;
  const auto kind = text_of(json, "kind");
  for (const auto known : {SeenKind::Host, SeenKind::Cookie, SeenKind::Storage}) {
    if (filters::kind_name(known) == kind) item.kind = known;
  }
  item.name = text_of(json, "name");
  if (kind != filters::kind_name(item.kind) || item.name.empty()) return std::nullopt;
  item.vendor = text_of(json, "vendor");
  item.purpose = text_of(json, "purpose");
  item.first = WallTime{std::chrono::milliseconds{number_of(json, "first", 0)}};
  item.last = WallTime{std::chrono::milliseconds{number_of(json, "last", 0)}};
  item.count = static_cast<std::uint64_t>(std::max<std::int64_t>(number_of(json, "count", 0), 0));
  item.held = static_cast<std::uint64_t>(std::max<std::int64_t>(number_of(json, "held", 0), 0));
  item.lifetime = number_of(json, "lifetime", filters::kUnknownLifetime);
  item.example = text_of(json, "example");
  return item;
}

std::string inventory_json(std::string_view site, const filters::SiteInventory& items) {
  std::string out = "{";
  append_json_member(out, "site", site);
  out += ",\"items\":[";
  for (const auto& item : items) {
    if (out.back() != '[') out.push_back(',');
    out += "\n" + item_text(item);
  }
  return out + "\n]}\n";
}

}  // namespace portvakt::logs
