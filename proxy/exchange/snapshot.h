// The compiled configuration: immutable, shared by all workers, replaced as a whole on reload. Running
// exchanges keep the one that they began with.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "filters/consent/signing_key.h"
#include "filters/visitor/trusted_proxies.h"
#include "proxy/exchange/limits.h"
#include "proxy/exchange/router.h"
#include "proxy/exchange/site.h"
#include "proxy/upstream/upstream_pool.h"

namespace portvakt::exchange {

struct Snapshot {
  std::uint64_t generation = 0;
  Limits limits;
  upstream::PoolSettings pool;
  visitor::TrustedProxies trusted_proxies;         // who may begin a connection with a PROXY header
  std::vector<consent::SigningKey> consent_keys;   // the first signs
  std::vector<std::unique_ptr<const Site>> sites;  // at least one
  Router router;

  /// Where requests are recorded that name no known site: the first, as other servers do.
  const Site& default_site() const { return *sites.front(); }
};

}  // namespace portvakt::exchange
