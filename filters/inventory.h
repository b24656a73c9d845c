// What a site's traffic has shown: third parties, cookies and storage keys, by name. Names that could single
// somebody out are masked before they get here. A worker adds sightings to its exchange's notes; the keeper
// (proxy/logs) gathers them off the request path and puts the whole picture on the board, where the privacy
// pages and the admin listener read it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/base/clock.h"

namespace portvakt::filters {

enum class SeenKind : std::uint8_t { Host, Cookie, Storage };

/// The word for it, as in Redis and JSON: `host`, `cookie`, `storage`.
constexpr std::string_view kind_name(SeenKind kind) {
  if (kind == SeenKind::Host) return "host";
  return kind == SeenKind::Cookie ? "cookie" : "storage";
}

inline constexpr std::int64_t kUnknownLifetime = -1;

/// One thing met in one exchange.
struct Sighting {
  SeenKind kind = SeenKind::Host;
  std::string name;
  std::string vendor;                        // id of the catalogue; empty: no rule knows it
  std::string purpose;                       // name; empty: unknown
  bool held = false;                         // it did not pass
  std::int64_t lifetime = kUnknownLifetime;  // of a cookie that was set, in seconds; 0: with the browser
};

/// One thing in all that was seen.
struct SeenItem {
  SeenKind kind = SeenKind::Host;
  std::string name;
  std::string vendor;
  std::string purpose;
  WallTime first{};
  WallTime last{};
  std::uint64_t count = 0;
  std::uint64_t held = 0;  // how often of these it did not pass
  std::int64_t lifetime = kUnknownLifetime;
  std::string example;  // scrubbed path of a page
};

using SiteInventory = std::vector<SeenItem>;

/// The picture as it is now. The lock is held for the copy of a pointer.
class InventoryBoard {
 public:
  /// Never null. Any thread.
  std::shared_ptr<const SiteInventory> of(std::string_view site) const {
    static const auto nothing = std::make_shared<const SiteInventory>();
    const std::lock_guard lock(mutex_);
    const auto found = sites_.find(site);
    return found == sites_.end() ? nothing : found->second;
  }
  void put(const std::string& site, SiteInventory items) {
    auto fresh = std::make_shared<const SiteInventory>(std::move(items));
    const std::lock_guard lock(mutex_);
    sites_[site].swap(fresh);
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const SiteInventory>, std::less<>> sites_;
};

}  // namespace portvakt::filters
