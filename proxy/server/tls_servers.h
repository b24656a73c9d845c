// The TLS of all listeners: opened at start, taken anew on a reload, and looked after between: when
// certificate files change on disk they are taken into use without a reload, as a whole or not at all. Main
// thread.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>

#include "config/model.h"
#include "proxy/admin/metrics.h"
#include "proxy/base/clock.h"
#include "proxy/net/event_loop.h"
#include "proxy/net/tls_server.h"

namespace portvakt::server {

class TlsServers {
 public:
  TlsServers(net::EventLoop& loop, const Clock& clock);

  /// For a TLS listener. One that is open at this address already is reconfigured and given again.
  Result<std::shared_ptr<net::TlsServer>> open(const config::Listener& listener,
                                               std::chrono::milliseconds handshake_timeout);
  /// Forgets the listeners that the configuration no longer has.
  void keep(const config::Model& model);
  /// Looks at the files from now on, every so often.
  void watch(std::chrono::milliseconds interval);

  void report(admin::ProcessMetrics& metrics) const;

 private:
  void look();

  std::shared_ptr<net::TlsShared> shared_;
  std::map<std::string, std::shared_ptr<net::TlsServer>> servers_;  // by address
  net::Timer timer_;
  std::chrono::milliseconds interval_{};
  std::uint64_t taken_ = 0;    // changed certificates that were taken into use
  std::uint64_t refused_ = 0;  // and those that could not be
};

}  // namespace portvakt::server
