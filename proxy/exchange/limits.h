// Bounds on what one exchange or connection may take of the process, with their names and defaults. The
// configuration overrides most; proxy/http/limits.h holds those of message syntax.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "proxy/exchange/rate_floor.h"
#include "proxy/http/http2_limits.h"

namespace portvakt::exchange {

struct Limits {
  http::MessageLimits message;
  http::Http2Limits http2;                            // its message limits are those above
  std::chrono::milliseconds header_timeout{10000};    // a request head, from its first byte: 408
  std::chrono::milliseconds idle_timeout{60000};      // between requests, and between two parts of a body
  std::chrono::milliseconds write_timeout{60000};     // for a client to take some of what is written: reset
  std::uint64_t min_upload_rate = 240;                // bytes of a body per second: 408; 0: any
  std::chrono::milliseconds upload_grace{10000};      // the window in which that is judged
  std::uint64_t min_download_rate = 240;              // bytes that a client takes per second: reset; 0: any
  std::chrono::milliseconds download_grace{60000};    // the window in which that is judged
  std::chrono::milliseconds response_timeout{60000};  // until the upstream's next bytes: 504
  /// A client waits with its body for a 100: so long the upstream may take to say it, then we do.
  std::chrono::milliseconds continue_timeout{1000};
  std::chrono::milliseconds answer_timeout{8000};     // until the desk's answer: the page says to try again
  std::chrono::milliseconds tunnel_timeout{3600000};  // nothing moves in a tunnel (WebSocket)
  std::chrono::milliseconds linger{2000};  // reading what a client still sends after its last answer
  std::uint64_t max_body = 0;              // of a request; 0: any: 413
  std::uint64_t max_requests_per_connection = 100000;  // then Connection: close; 0: any

  std::uint64_t max_connections = UINT64_MAX;  // open at once: idle ones are given up, then new ones refused
  std::optional<std::uint64_t> max_connections_per_network;  // of a /24 or /48; 0: any; empty: half of all
  std::size_t max_buffered = SIZE_MAX;                       // bytes that one worker holds: 503
  std::size_t max_connection_buffer = 8U << 20;              // bytes held for one connection: 503

  std::uint64_t connections_per_network() const {
    const auto most = max_connections_per_network.value_or(max_connections - max_connections / 2);
    return most == 0 ? UINT64_MAX : most;
  }
  /// Of a request's body.
  Pace upload_pace() const { return {idle_timeout, min_upload_rate, upload_grace}; }
  /// Of a client that has something to read.
  Pace download_pace() const { return {write_timeout, min_download_rate, download_grace}; }
};

/// Informational answers (1xx) before the final one: more are an upstream gone wrong (502). Of early hints
/// among them, so many are passed on.
inline constexpr unsigned kMaxInformational = 64;
inline constexpr unsigned kMaxHints = 4;

/// Questions that filters may ask about one request: more are a filter gone wrong (500).
inline constexpr unsigned kMaxQuestions = 4;

/// A body is given to transforms in slices of this size, so that what a slice can grow to (a decompression
/// bomb: at most about a thousandfold) meets the pipe's bound before the next one is taken.
inline constexpr std::size_t kTransformSlice = 1024;
/// For so long one body's transforms may work before other connections have their turn: a few bytes of a
/// decompression bomb are megabytes of work, and none of them need come out.
inline constexpr std::chrono::milliseconds kTransformTime{5};

}  // namespace portvakt::exchange
