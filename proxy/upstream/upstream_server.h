// One origin server of a site, and how the site's servers share its requests. Immutable, part of the
// snapshot, shared by all workers; only what is known of the server (its status) changes.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "proxy/net/socket.h"
#include "proxy/net/tls_context.h"
#include "proxy/upstream/server_status.h"

namespace portvakt::upstream {

struct UpstreamServer {
  std::string name;                            // scheme://host:port as configured: the key of pools
  std::string host;                            // for SNI and certificate verification
  std::vector<net::Endpoint> endpoints;        // at least one
  std::shared_ptr<const net::TlsContext> tls;  // null: plain
  unsigned weight = 1;
  bool backup = false;           // asked only when no other is up
  unsigned max_connections = 0;  // exchanges under way, of all workers; 0: any number
  /// Never null; kept over reloads.
  std::shared_ptr<ServerStatus> status = std::make_shared<ServerStatus>();
};

/// How a site chooses among its servers.
struct Balancing {
  enum class Rule : std::uint8_t { RoundRobin, LeastConnections, RandomTwo, ConsistentHash };
  enum class Key : std::uint8_t { ClientNetwork, Path, Header };
  Rule rule = Rule::RoundRobin;
  Key key = Key::ClientNetwork;  // what ConsistentHash goes by; a client's address is never taken in full
  std::string key_header;
  std::chrono::milliseconds slow_start{0};  // how long a server that came back takes to its full weight
  unsigned retries = 2;                     // tries of one exchange beyond the first
  unsigned retry_percent = 20;              // of recent requests, see RetryBudget
  std::size_t queue = 100;                  // exchanges of a worker that may wait for a server's place
  std::chrono::milliseconds queue_timeout{1000};
};

}  // namespace portvakt::upstream
