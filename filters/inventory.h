// What a site's traffic has shown: third parties, cookies and storage keys, by name. Names that could single
// somebody out are masked before they get here. A worker adds sightings to its exchange's notes; the keeper
// (proxy/logs) gathers them off the request path and puts the whole picture on the board, where the privacy
// pages and the admin listener read it.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "filters/sighting.h"
#include "proxy/base/clock.h"

namespace portvakt::filters {

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

/// One site's picture as it is now. Lives as long as the process. The lock is held for the copy of a pointer.
class InventoryBoard {
 public:
  /// Never null. Any thread.
  std::shared_ptr<const SiteInventory> now() const {
    const std::lock_guard lock(mutex_);
    return items_;
  }
  void put(SiteInventory items) {
    auto fresh = std::make_shared<const SiteInventory>(std::move(items));
    const std::lock_guard lock(mutex_);
    items_.swap(fresh);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const SiteInventory> items_ = std::make_shared<const SiteInventory>();
};

}  // namespace portvakt::filters
