// One thread that serves: an event loop, listening sockets of its own, the connections that they accept, and
// a pool of upstream connections. Nothing of it is shared with other workers but the snapshot, the spool's
// folder and counters.
#pragma once

#include <memory>
#include <thread>
#include <unordered_map>
#include <vector>

#include "proxy/exchange/client_connection.h"
#include "proxy/net/listener.h"
#include "proxy/net/tls_context.h"

namespace portvakt::server {

/// A socket that this worker accepts on. `tls` is null for a plain listener.
struct WorkerListener {
  net::FileDescriptor fd;
  std::shared_ptr<const net::TlsContext> tls;
};

class Worker {
 public:
  Worker(std::shared_ptr<const exchange::Snapshot> snapshot, logs::SpoolWriter& spool, const Clock& clock,
         std::vector<WorkerListener> listeners);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  void start();
  /// New exchanges begin with this snapshot. Any thread.
  void take_snapshot(std::shared_ptr<const exchange::Snapshot> snapshot);
  /// Accepts no more, and lets every connection end after the exchange that is under way. Any thread.
  void drain();
  /// Ends the loop, abandoning what is still open, and waits for the thread.
  void stop();

  /// Open client connections. Any thread.
  std::uint64_t connections() const { return open_.value(); }
  /// Any thread.
  const exchange::LimitCounters& limit_hits() const { return *context_.limit_hits; }

 private:
  void accept(net::FileDescriptor fd, std::optional<IpAddress> peer,
              const std::shared_ptr<const net::TlsContext>& tls);
  void forget(exchange::ClientConnection& connection);

  net::EventLoop loop_;
  upstream::UpstreamPool pool_;
  exchange::WorkerContext context_;
  std::vector<std::unique_ptr<net::Listener>> listeners_;
  std::unordered_map<exchange::ClientConnection*, std::unique_ptr<exchange::ClientConnection>> connections_;
  Counter open_;
  std::thread thread_;
};

}  // namespace portvakt::server
