// One website as workers see it: its names, its filters and where it is served from. Part of the snapshot,
// const.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "filters/filter.h"
#include "filters/purposes.h"
#include "proxy/exchange/site_counters.h"
#include "proxy/upstream/upstream_server.h"

namespace portvakt::exchange {

struct Site {
  std::string name;
  std::vector<std::string> hosts;  // lower case; "*" any host, "*.example.com" any subdomain
  std::vector<std::unique_ptr<const upstream::UpstreamServer>> upstreams;
  upstream::Balancing balancing;
  /// In request order. What they refer to is kept alive by `parts`, which go last.
  std::vector<std::shared_ptr<const void>> parts;
  std::vector<std::unique_ptr<const filters::Filter>> filters;
  filters::PurposeNames purposes;
  std::string policy_version;
  std::string hsts;  // Strict-Transport-Security; empty: none of ours
  bool hsts_replaces = false;
  bool record_pages_only = false;
  SiteCounters* counters = nullptr;  // outlives every snapshot
};

}  // namespace portvakt::exchange
