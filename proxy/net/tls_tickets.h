// The keys of session tickets, and the counts of handshakes: what all TLS listeners of the process share, so
// that a client may resume at any worker and after any reload. Nothing of a session is kept here: the client
// carries it (RFC 5077, RFC 8446 section 4.6.1). Any thread; a lock is held for a moment per handshake.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "proxy/base/clock.h"
#include "proxy/base/counters.h"

namespace portvakt::net {

struct TicketKey {
  std::array<unsigned char, 16> name;
  std::array<unsigned char, 32> cipher;
  std::array<unsigned char, 32> mac;
  SteadyTime made;

  TicketKey(const TicketKey&) = default;
  TicketKey& operator=(const TicketKey&) = default;
  explicit TicketKey(SteadyTime now);
  ~TicketKey();  // leaves no key behind in memory
};

/// A key seals for one period and opens for two, then it is forgotten: whoever learns the process's memory
/// can read no recorded session that is older. Tickets live for one period, so each can be opened all its
/// life.
class TicketKeys {
 public:
  static constexpr std::chrono::hours kPeriod{8};

  explicit TicketKeys(const Clock& clock) : clock_(clock) {}

  TicketKey sealing();
  /// Empty: too old, or not ours.
  std::optional<TicketKey> opening(std::string_view name);
  /// Forgets keys whose time is over, also when nobody connects.
  void rotate();

 private:
  void rotate_at(SteadyTime now);

  const Clock& clock_;
  std::mutex lock_;
  std::vector<TicketKey> keys_;  // the youngest first
};

struct TlsCounters {
  Counter full;       // handshakes that were completed
  Counter resumed;    // the same, by a ticket
  Counter failed;     // a client that gave up or could not agree
  Counter timed_out;  // not completed within handshake_timeout
  Counter open;       // under way now
};

struct TlsShared {
  explicit TlsShared(const Clock& clock) : tickets(clock) {}

  TicketKeys tickets;
  TlsCounters counters;
};

}  // namespace portvakt::net
