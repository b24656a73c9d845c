// Idle connections to upstreams, kept by server for the next exchange. One per worker; outlives every
// exchange of it.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "proxy/upstream/fault_log.h"
#include "proxy/upstream/upstream_connection.h"

namespace portvakt::upstream {

struct PoolSettings {
  http::MessageLimits limits;
  std::chrono::milliseconds connect_timeout{5000};
  std::chrono::milliseconds idle_timeout{30000};
  std::size_t max_idle = 128;  // per server
};

/// `Asked`: the socket is asked first whether the upstream has closed it meanwhile, for requests that must
/// not be sent twice. The loop tells of that a moment later too, so `Allowed` spares the others a system
/// call.
enum class Reuse : std::uint8_t { Allowed, Asked, Fresh };

class UpstreamPool {
 public:
  UpstreamPool(net::EventLoop& loop, PoolSettings settings);

  /// An idle connection that is still open, or a new one under way. Errors: see UpstreamConnection::open.
  Result<std::unique_ptr<UpstreamConnection>> lease(const UpstreamServer& server, Reuse reuse);
  /// Keeps the connection if it may serve again, else destroys it. Safe inside the connection's callbacks.
  void give_back(std::unique_ptr<UpstreamConnection> connection);

  FaultLog& faults() { return faults_; }
  void set_settings(const PoolSettings& settings) { settings_ = settings; }

 private:
  struct Idle {
    std::unique_ptr<UpstreamConnection> connection;
    SteadyTime since;
  };
  void drop_old();

  net::EventLoop& loop_;
  PoolSettings settings_;
  FaultLog faults_;
  std::map<std::string, std::vector<Idle>, std::less<>> idle_;
  std::map<std::string, std::size_t, std::less<>> next_endpoint_;
  net::Timer sweep_;
};

}  // namespace portvakt::upstream
