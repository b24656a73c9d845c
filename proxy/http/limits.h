// Bounds on what one HTTP message may cost before it is understood. Every bound has a name, a default that
// fits browsers and common servers, and an answer of its own when it is passed.
#pragma once

#include <cstddef>

namespace portvakt::http {

struct MessageLimits {
  std::size_t max_line = 8 * 1024;           // request or status line, bytes: 414
  std::size_t max_header_bytes = 32 * 1024;  // the whole head with its first line: 431
  std::size_t max_header_count = 100;        // fields of a head or a trailer section: 431
};

/// A chunk-size line with its extensions, and a trailer section, may not be longer.
inline constexpr std::size_t kMaxChunkLine = 1024;
inline constexpr std::size_t kMaxTrailerBytes = 8 * 1024;
/// How many body bytes a codec queues before it takes no more.
inline constexpr std::size_t kSendMark = 64 * 1024;

}  // namespace portvakt::http
