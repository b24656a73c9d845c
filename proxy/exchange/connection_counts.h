// How many client connections the process has, in all and by the client's network: one object for all
// workers. A network is known by its truncated form alone (/24, /48), for as long as it has connections, and
// is neither logged nor told; so there are never more entries than connections. Any thread; the lock is held
// for one look-up, once when a connection comes and once when it goes.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <unordered_map>

#include "proxy/base/address.h"

namespace portvakt::exchange {

/// The first 24 bits of an IPv4 address or the first 48 of an IPv6 one. A value.
class ClientNetwork {
 public:
  static ClientNetwork of(const IpAddress& address);
  std::uint64_t bits() const { return bits_; }

 private:
  explicit ClientNetwork(std::uint64_t bits) : bits_(bits) {}
  std::uint64_t bits_;
};

enum class Admission : std::uint8_t { Admitted, Full, NetworkFull };

class ConnectionCounts {
 public:
  /// Counts one more unless that passes a bound. No network: only the whole counts.
  Admission admit(std::optional<ClientNetwork> network, std::uint64_t most, std::uint64_t most_of_network);
  /// One that was admitted has gone.
  void leave(std::optional<ClientNetwork> network);
  std::uint64_t open() const { return open_.load(std::memory_order_relaxed); }
  /// Networks with open connections.
  std::size_t networks() const;

 private:
  std::atomic<std::uint64_t> open_{0};
  mutable std::mutex mutex_;
  std::unordered_map<std::uint64_t, std::uint64_t> by_network_;
};

}  // namespace portvakt::exchange
