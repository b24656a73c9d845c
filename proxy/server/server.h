// The running proxy: spool, shipper, workers and admin listener around one configuration file. Lives on the
// main thread, from which it hears signals, reloads and drains.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "config/model.h"
#include "proxy/admin/admin_server.h"
#include "proxy/logs/shipping/redis_shipper.h"
#include "proxy/logs/spool/spool.h"
#include "proxy/logs/subjects/erasure_runner.h"
#include "proxy/logs/subjects/rights_desk.h"
#include "proxy/net/signals.h"
#include "proxy/server/listener_set.h"
#include "proxy/server/snapshot_compiler.h"
#include "proxy/server/tls_servers.h"
#include "proxy/server/worker.h"

namespace portvakt::server {

/// Reads the configuration; empty when it is refused, with the reasons in the diagnostics.
using ModelReader = std::function<std::optional<config::Model>(Diagnostics&)>;

inline constexpr int kExitOk = 0;
inline constexpr int kExitNoPermission = 77;
inline constexpr int kExitConfig = 78;

class Server {
 public:
  Server(ModelReader read_model, std::string version);
  ~Server();

  /// Serves until SIGTERM or SIGINT; the exit code of the process.
  int run();

 private:
  Result<void> start(const config::Model& model);
  Result<void> open_spool(const config::Model& model, std::size_t workers);
  Result<void> start_workers(std::size_t count);
  TlsOpener tls_opener(const config::Model& model);
  Result<void> prepare_admin(const config::Model& model, std::unique_ptr<admin::AdminServer>& prepared);

  bool reload(std::string& reasons);
  Result<void> take(const config::Model& model, Diagnostics& diagnostics);
  void ship_by(const config::Model& model);
  void open_desk(const config::Model& model);
  void keep_inventory(const config::Model& model);
  void note_settings(const config::Model& model);
  void warn_of_fixed(const config::Model& model) const;

  void on_signal(int signal);
  void begin_drain(std::chrono::milliseconds delay);
  void drain();
  void finish_when_drained();

  admin::AdminAnswer answer(std::string_view method, std::string_view path, std::string_view query);
  admin::AdminAnswer inventory_of(std::string_view query) const;
  std::string metrics() const;
  std::uint64_t open_connections() const;

  ModelReader read_model_;
  const std::string version_;
  SystemClock clock_;
  net::BlockedSignals signals_;
  net::EventLoop loop_;
  net::SignalWatch watch_;
  net::Timer drain_timer_;

  SiteCounterMap counters_;
  exchange::ConnectionCounts connection_counts_;
  std::shared_ptr<const exchange::Snapshot> snapshot_;
  std::unique_ptr<ListenerSet> listeners_;
  std::unique_ptr<logs::Spool> spool_;
  std::unique_ptr<logs::RedisShipper> shipper_;
  std::unique_ptr<logs::ErasureRunner> erasures_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::unique_ptr<logs::InventoryKeeper> inventory_;
  std::unique_ptr<logs::RightsDesk> desk_;  // goes before the workers, whose loops it answers to
  std::unique_ptr<admin::AdminServer> admin_;
  std::optional<config::ListenAddress> admin_address_;
  TlsServers tls_;
  config::Log log_;  // what the spool and the shipper were opened with
  std::vector<std::string> shipped_sites_;
  std::vector<config::Keep> shipped_keeps_;
  std::vector<consent::SigningKey> shipped_keys_;

  std::chrono::milliseconds drain_delay_{};
  std::chrono::milliseconds drain_limit_{};
  SteadyTime drain_began_{};
  enum class Phase : std::uint8_t { Serving, Delaying, Draining } phase_ = Phase::Serving;
  bool reload_ok_ = true;
};

}  // namespace portvakt::server
