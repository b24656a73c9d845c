// One thread that serves: an event loop, listening sockets, the connections that they accept, and a pool of
// upstream connections. Nothing of it is shared with other workers but the snapshot, the spool's folder and
// counters.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <thread>
#include <unordered_map>
#include <vector>

#include "proxy/exchange/client_connection.h"
#include "proxy/logs/inventory/inventory_keeper.h"
#include "proxy/net/listener.h"
#include "proxy/net/proxy_gate.h"
#include "proxy/server/listener_set.h"

namespace portvakt::server {

class Worker {
 public:
  Worker(std::shared_ptr<const exchange::Snapshot> snapshot, logs::SpoolWriter& spool, const Clock& clock,
         std::vector<WorkerListener> listeners, exchange::ConnectionCounts& counts);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  /// Where exchanges take their questions; outlives the worker's thread. Before start().
  void use_desk(filters::Desk& desk) { context_.desk = &desk; }
  /// Takes what the worker has seen, now and then; outlives the worker's thread. Before start().
  void use_inventory(logs::InventoryKeeper& keeper) { keeper_ = &keeper; }
  void start();
  /// New exchanges begin with this snapshot. Listeners that are new are opened and known ones take their
  /// options; those that are missing accept no more, and their connections end after the exchange under way,
  /// at the latest after `limit`. Any thread.
  void take(std::shared_ptr<const exchange::Snapshot> snapshot, std::vector<WorkerListener> listeners,
            std::chrono::milliseconds limit);
  /// Accepts no more, and lets every connection end after the exchange that is under way. Any thread.
  void drain();
  /// Ends the loop, abandoning what is still open, and waits for the thread.
  void stop();

  /// Open client connections. Any thread.
  std::uint64_t connections() const { return open_.value(); }
  /// Connections that were closed for want of a good PROXY header. Any thread.
  const net::ProxyGateCounters& refused_proxies() const { return gates_.counters(); }
  /// Any thread.
  const exchange::LimitCounters& limit_hits() const { return *context_.limit_hits; }
  /// Bytes held for clients. Any thread.
  std::uint64_t buffered() const { return context_.memory->gauge().value(); }
  const http::Http2Counters& http2_counters() const { return *context_.http2_counters; }

 private:
  struct Serving {
    ListenerOptions options;
    std::vector<std::unique_ptr<net::Listener>> sockets;
  };
  struct Open {
    std::unique_ptr<exchange::ClientConnection> connection;
    std::size_t listener = 0;
  };

  void serve(std::vector<WorkerListener> listeners);
  void retire_missing(const std::vector<WorkerListener>& listeners, std::chrono::milliseconds limit);
  void end_retired();
  void hand_over_seen();
  std::vector<exchange::ClientConnection*> connections_of(std::size_t listener) const;
  void on_accepted(net::FileDescriptor fd, std::optional<IpAddress> peer, std::size_t listener);
  void await_proxy_header(net::FileDescriptor fd, const std::optional<IpAddress>& peer, std::size_t listener);
  void serve_client(net::FileDescriptor fd, std::optional<IpAddress> peer, std::size_t listener);
  std::unique_ptr<exchange::ConnectionPlace> admit(const std::optional<IpAddress>& peer);
  void forget(exchange::ClientConnection& connection);

  net::EventLoop loop_;
  upstream::UpstreamPool pool_;
  exchange::WorkerContext context_;
  std::map<std::size_t, Serving> listeners_;  // by id
  std::map<std::size_t, SteadyTime>
      retired_;  // listeners that are gone, and until when their connections may stay
  net::Timer retired_timer_;
  net::Timer seen_timer_;
  logs::InventoryKeeper* keeper_ = nullptr;
  std::unordered_map<exchange::ClientConnection*, Open> connections_;
  net::ProxyGates gates_{loop_};
  Counter open_;
  std::thread thread_;
};

}  // namespace portvakt::server
