// Bounds on one HTTP/2 connection. What a request costs is bounded as in HTTP/1; these bound what many of
// them, and the frames around them, may cost together.
#pragma once

#include <cstddef>
#include <cstdint>

#include "proxy/http/http2_flood.h"
#include "proxy/http/limits.h"

namespace portvakt::http {

struct Http2Limits {
  MessageLimits message;
  std::uint32_t max_streams = 128;               // open at a time; further ones are refused
  std::uint32_t stream_window = 64 * 1024;       // body bytes under way on a stream, unread by us
  std::uint32_t connection_window = 256 * 1024;  // and on all streams together
  std::size_t max_continuations = 8;             // CONTINUATION frames of a header block
  std::size_t max_backlog = 1000;                // frames that wait because the peer does not read
  Http2Budgets budgets;
};

/// How many body bytes of one stream wait in the codec for their turn to be framed.
inline constexpr std::size_t kStreamSendMark = 32 * 1024;
/// A head that unpacks to more than this many times its limit ends the connection: to answer it politely we
/// would have to go on unpacking.
inline constexpr std::size_t kHeaderBombFactor = 4;

}  // namespace portvakt::http
