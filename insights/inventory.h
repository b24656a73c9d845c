// One line of a site's live inventory: a third party or a cookie that was seen in its traffic. A value.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace portvakt::insights {

struct InventoryItem {
  std::string kind;  // host | cookie
  std::string name;
  std::string vendor;
  std::string purpose;
  std::string example;
  std::int64_t count = 0;
  std::int64_t first_seen = 0;  // milliseconds since 1970; 0: not told
  std::int64_t last_seen = 0;
  bool known = false;
  friend bool operator==(const InventoryItem&, const InventoryItem&) = default;
};

/// A field of the inventory's hash and what stands under it. The value is written by another program: what it
/// does not say stays empty, what cannot be read at all leaves only the name.
InventoryItem read_inventory(std::string_view field, std::string_view value);

}  // namespace portvakt::insights
