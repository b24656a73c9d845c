// Decides who may come in. Each open connection has a place; when the places run out, connections that only
// wait for their next request give theirs up first, the longest waiting before the others, and then new ones
// are turned away. One per worker, on its thread; outlives the connections. The counts are all workers'.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "proxy/exchange/connection_counts.h"
#include "proxy/exchange/limit_counters.h"
#include "proxy/exchange/limits.h"

namespace portvakt::exchange {

class ConnectionGate;

/// Whoever holds a place.
class PlaceHolder {
 public:
  virtual ~PlaceHolder() = default;
  /// The place of an idle connection is wanted: closes it.
  virtual void give_up_place() = 0;
};

/// One connection's place. Freed by its destructor, or by leave() before that.
class ConnectionPlace {
 public:
  ~ConnectionPlace() { leave(); }
  ConnectionPlace(const ConnectionPlace&) = delete;
  ConnectionPlace& operator=(const ConnectionPlace&) = delete;

  /// The connection waits for its next request, with nothing under way.
  void idle(PlaceHolder& holder);
  void busy();
  void leave();

 private:
  friend class ConnectionGate;
  ConnectionPlace(ConnectionGate& gate, std::optional<ClientNetwork> network)
      : gate_(&gate), network_(network) {}

  ConnectionGate* gate_;
  std::optional<ClientNetwork> network_;
  PlaceHolder* holder_ = nullptr;
  // Neighbours in the gate's list of idle ones.
  ConnectionPlace* longer_ = nullptr;
  ConnectionPlace* shorter_ = nullptr;
};

class ConnectionGate {
 public:
  ConnectionGate(ConnectionCounts& counts, LimitCounters& hits) : counts_(counts), hits_(hits) {}
  ~ConnectionGate();
  ConnectionGate(const ConnectionGate&) = delete;
  ConnectionGate& operator=(const ConnectionGate&) = delete;

  /// Null: the connection is to be closed at once. `client`: empty for peers that are not limited by network
  /// (Unix sockets, trusted proxies).
  std::unique_ptr<ConnectionPlace> admit(const std::optional<IpAddress>& client, const Limits& limits,
                                         SteadyTime now);
  /// Neither a descriptor nor memory is left for a new connection: frees some that idle ones hold.
  void on_exhausted();
  /// The one that has waited longest; false if none waits.
  bool give_up_idle();
  std::size_t idle_connections() const { return idle_count_; }

 private:
  friend class ConnectionPlace;
  void add_idle(ConnectionPlace& place);
  void remove_idle(ConnectionPlace& place);
  void tell(const char* text, SteadyTime now);

  ConnectionCounts& counts_;
  LimitCounters& hits_;
  ConnectionPlace* longest_ = nullptr;
  ConnectionPlace* shortest_ = nullptr;
  std::size_t idle_count_ = 0;
  SteadyTime quiet_until_{};
};

}  // namespace portvakt::exchange
