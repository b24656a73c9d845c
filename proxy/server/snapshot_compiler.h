// Turns a configuration into the snapshot that workers serve from: reads the catalogue, the locales, the geo
// files and the keys, resolves upstreams, and builds each site's filters. Main thread, at start and reload
// only.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "config/model.h"
#include "proxy/base/diagnostics.h"
#include "proxy/base/result.h"
#include "proxy/exchange/snapshot.h"

namespace portvakt::server {

/// Counters by site name: they go on counting across reloads.
using SiteCounterMap = std::map<std::string, std::unique_ptr<exchange::SiteCounters>, std::less<>>;

/// Faults of shipped and operators' files go to `diagnostics`; the rest comes back as the error.
Result<std::shared_ptr<const exchange::Snapshot>> compile_snapshot(const config::Model& model,
                                                                   std::uint64_t generation,
                                                                   SiteCounterMap& counters,
                                                                   Diagnostics& diagnostics);

}  // namespace portvakt::server
