// What one worker has seen since it last handed over: names counted without a lock. Every few seconds the
// worker gives it to the keeper and begins a new one. Bounded: past kMaxNames of a site, new names wait for
// the next tally.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "filters/inventory.h"

namespace portvakt::filters {

/// By site.
using SeenBySite = std::map<std::string, SiteInventory, std::less<>>;

class InventoryTally {
 public:
  static constexpr std::size_t kMaxNames = 256;

  /// `page` is scrubbed; it is taken as the example of names that have none.
  void add(std::string_view site, const std::vector<Sighting>& sightings, std::string_view page,
           WallTime now) {
    auto at = sites_.find(site);
    if (at == sites_.end()) at = sites_.emplace(std::string(site), Names()).first;
    for (const auto& sighting : sightings) count(at->second, sighting, page, now);
  }

  bool empty() const { return sites_.empty(); }

  /// All of it; the tally is empty afterwards.
  SeenBySite take() {
    SeenBySite taken;
    for (auto& [site, names] : sites_) {
      for (auto& [key, item] : names) taken[site].push_back(std::move(item));
    }
    sites_.clear();
    return taken;
  }

 private:
  using Key = std::pair<SeenKind, std::string>;
  using Names = std::map<Key, SeenItem>;

  static void count(Names& names, const Sighting& sighting, std::string_view page, WallTime now) {
    auto found = names.find(Key(sighting.kind, sighting.name));
    if (found == names.end()) {
      if (names.size() >= kMaxNames) return;
      SeenItem item;
      item.kind = sighting.kind;
      item.name = sighting.name;
      item.first = now;
      item.example = page;
      found = names.emplace(Key(sighting.kind, sighting.name), std::move(item)).first;
    }
    auto& item = found->second;
    item.vendor = sighting.vendor;
    item.purpose = sighting.purpose;
    item.last = now;
    ++item.count;
    if (sighting.held) ++item.held;
    if (sighting.lifetime != kUnknownLifetime) item.lifetime = sighting.lifetime;
  }

  std::map<std::string, Names, std::less<>> sites_;
};

}  // namespace portvakt::filters
