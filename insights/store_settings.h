// How a store counts: the clock of each site, and the size under which groups are not told apart. A value.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "insights/time_zone.h"

namespace portvakt::insights {

inline constexpr int kSmallGroup = 5;

struct StoreSettings {
  std::map<std::string, TimeZone, std::less<>> zones;  // by site; those not named have `usual_zone`
  TimeZone usual_zone;
  int small_group = kSmallGroup;
  std::size_t cache_bytes = std::size_t{384} << 20;  // of prepared days in memory, when reading

  const TimeZone& zone(std::string_view site) const {
    const auto found = zones.find(site);
    return found != zones.end() ? found->second : usual_zone;
  }
};

}  // namespace portvakt::insights
