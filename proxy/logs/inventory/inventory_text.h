// One name of the inventory as JSON text, and back: what lies in Redis and what the admin listener shows.
// Pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "filters/inventory.h"

namespace portvakt::logs {

/// `host:www.example.com`.
std::string field_of(const filters::SeenItem& item);
std::string item_text(const filters::SeenItem& item);
/// Empty for what is not ours.
std::optional<filters::SeenItem> parse_item(std::string_view text);

/// One site's picture, for the admin listener.
std::string inventory_json(std::string_view site, const filters::SiteInventory& items);

}  // namespace portvakt::logs
