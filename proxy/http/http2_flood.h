// Counts what a peer may do in HTTP/2 that costs us more than it costs the peer, and says when it is too
// much. Every kind has a budget: so many at once, so many more each second. The defaults lie far above what
// browsers and command-line clients do. Owned by one session; time is told, never asked.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "proxy/base/clock.h"
#include "proxy/base/counters.h"

namespace portvakt::http {

enum class Http2Abuse : std::uint8_t {
  ResetsReceived,  // streams opened and given up at once (CVE-2023-44487)
  ResetsSent,      // streams that the peer makes us reset by breaking a rule (CVE-2025-8671)
  Settings,        // each must be acknowledged
  Pings,           // each must be answered
  EmptyFrames,     // frames that move nothing: empty DATA, priorities, acknowledgements, unknown types
  WindowUpdates,   // more than what we have sent can explain
  Continuations,   // a header block in endless pieces (CVE-2024-28182)
  HeaderBytes,     // a small block that unpacks into a large head
  Backlog,         // frames that we owe to a peer that does not read
  Stalls,          // streams with an answer to take and a window that stays closed
  HeaderTime,      // a header block that does not end
};
inline constexpr std::size_t kHttp2Abuses = 11;

/// The word for metrics.
std::string_view name_of(Http2Abuse kind);

struct Http2Budget {
  std::uint32_t burst = 0;
  std::uint32_t per_second = 0;
};

/// How often each may happen on a connection, in the order of Http2Abuse. A burst of 0: never.
struct Http2Budgets {
  Http2Budget resets_received{200, 20};
  Http2Budget resets_sent{100, 5};
  Http2Budget settings{32, 1};
  Http2Budget pings{128, 10};
  Http2Budget empty_frames{512, 50};
  Http2Budget window_updates{4096, 500};
  Http2Budget stalls{16, 1};
};

/// Connections that were closed for it, by kind. Raised by a worker, read by a scrape.
struct Http2Counters {
  std::array<Counter, kHttp2Abuses> abuse;
};

class Http2FloodGuard {
 public:
  explicit Http2FloodGuard(const Http2Budgets& budgets);

  void tell_time(SteadyTime now) { now_ = now; }
  SteadyTime now() const { return now_; }
  /// One more of a kind with a budget. False: too many.
  bool spend(Http2Abuse kind);
  /// What we did ourselves gives the peer reason for `count` more.
  void refund(Http2Abuse kind, std::uint32_t count);

 private:
  struct Bucket {
    Http2Budget budget;
    std::uint32_t left = 0;
    SteadyTime filled{};
  };

  Bucket& bucket(Http2Abuse kind) { return buckets_[static_cast<std::size_t>(kind)]; }
  void fill(Bucket& bucket) const;

  std::array<Bucket, kHttp2Abuses> buckets_;
  SteadyTime now_{};
};

}  // namespace portvakt::http
