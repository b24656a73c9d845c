// Bounds on what one exchange or connection may take of the process, with their names and defaults. The
// configuration overrides most; proxy/http/limits.h holds those of message syntax.
#pragma once

#include <chrono>
#include <cstdint>

#include "proxy/http/limits.h"

namespace portvakt::exchange {

struct Limits {
  http::MessageLimits message;
  std::chrono::milliseconds header_timeout{10000};    // a request head, from its first byte: 408
  std::chrono::milliseconds idle_timeout{60000};      // between requests, and between two parts of a body
  std::chrono::milliseconds response_timeout{60000};  // until the upstream's next bytes: 504
  std::chrono::milliseconds linger{2000};  // reading what a client still sends after its last answer
  std::uint64_t max_body = 0;              // of a request; 0: any: 413
};

/// A body is given to transforms in slices of this size, so that what a slice can grow to (a decompression
/// bomb: at most about a thousandfold) meets the pipe's bound before the next one is taken.
inline constexpr std::size_t kTransformSlice = 1024;

}  // namespace portvakt::exchange
