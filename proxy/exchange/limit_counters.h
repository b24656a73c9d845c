// How often each limit was reached, for /metrics: an operator sees whether a limit is too tight or somebody
// is at work. Every limit that the configuration names has its counter under the option's name. Counted by
// one worker, read by the admin listener's thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "proxy/base/counters.h"
#include "proxy/base/result.h"

namespace portvakt::exchange {

enum class Limit : std::uint8_t {
  HeadTime,
  IdleTime,
  WriteTime,
  UploadRate,
  DownloadRate,
  ConnectTime,
  ResponseTime,
  TunnelTime,
  RequestLine,
  HeaderBytes,
  HeaderCount,
  BodySize,
  RequestsPerConnection,
  Connections,
  ConnectionsPerNetwork,
  Descriptors,
  ConnectionBuffer,
  Buffered,
  Count  // last: how many there are
};

inline constexpr std::size_t kLimitCount = static_cast<std::size_t>(Limit::Count);

/// The options under `limits`, in the order of Limit; `open_files` is the operating system's.
inline constexpr std::array<std::string_view, kLimitCount> kLimitNames = {
    "header_timeout",
    "idle_timeout",
    "write_timeout",
    "min_upload_rate",
    "min_download_rate",
    "connect_timeout",
    "response_timeout",
    "tunnel_timeout",
    "max_request_line",
    "max_header_bytes",
    "max_header_count",
    "max_body",
    "max_requests_per_connection",
    "max_connections",
    "max_connections_per_network",
    "open_files",
    "max_connection_buffer",
    "max_buffered",
};

class LimitCounters {
 public:
  void hit(Limit limit) { counters_[static_cast<std::size_t>(limit)].add(); }
  /// A message was refused: counts if that was for a limit's sake.
  void refused(ErrorKind kind) {
    if (kind == ErrorKind::TargetTooLong) hit(Limit::RequestLine);
    if (kind == ErrorKind::HeadTooLarge) hit(Limit::HeaderBytes);
    if (kind == ErrorKind::TooManyFields) hit(Limit::HeaderCount);
  }
  std::uint64_t value(Limit limit) const { return counters_[static_cast<std::size_t>(limit)].value(); }

 private:
  std::array<Counter, kLimitCount> counters_;
};

}  // namespace portvakt::exchange
