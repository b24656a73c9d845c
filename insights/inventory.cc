#include "insights/inventory.h"

#include <nlohmann/json.hpp>

namespace portvakt::insights {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxText = 300;

std::string text_of(const Json& object, std::string_view name) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_string()) return {};
  return found->get<std::string>().substr(0, kMaxText);
}

std::int64_t number_of(const Json& object, std::string_view name) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_number_integer()) return 0;
  return found->get<std::int64_t>();
}

}  // namespace

InventoryItem read_inventory(std::string_view field, std::string_view value) {
  InventoryItem item;
  const auto colon = field.find(':');
  const bool has_kind = colon != std::string_view::npos;
  item.kind = has_kind ? field.substr(0, colon) : std::string_view("host");
  item.name = field.substr(has_kind ? colon + 1 : 0, kMaxText);
  const auto json = Json::parse(value, nullptr, false);
  if (!json.is_object()) return item;
  item.vendor = text_of(json, "vendor");
  item.purpose = text_of(json, "purpose");
  item.example = text_of(json, "example");
  if (item.example.empty()) item.example = text_of(json, "page");
  item.count = number_of(json, "count");
  item.first_seen = number_of(json, "first");
  item.last_seen = number_of(json, "last");
  if (item.first_seen == 0) item.first_seen = number_of(json, "first_seen");
  if (item.last_seen == 0) item.last_seen = number_of(json, "last_seen");
  item.known = !item.vendor.empty() || !item.purpose.empty();
  return item;
}

}  // namespace portvakt::insights
