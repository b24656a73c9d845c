// One origin server of a site, resolved. Immutable, part of the snapshot; shared by all workers.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "proxy/net/socket.h"
#include "proxy/net/tls_context.h"

namespace portvakt::upstream {

struct UpstreamServer {
  std::string name;                      // scheme://host:port as configured: the key of pools and health
  std::string host;                      // for SNI and certificate verification
  std::vector<net::Endpoint> endpoints;  // at least one
  std::shared_ptr<const net::TlsContext> tls;  // null: plain
};

}  // namespace portvakt::upstream
