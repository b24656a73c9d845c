// Where a Redis server is and how to sign in: `redis://[user:password@]host[:port][/database]` or
// `unix:/path[?db=N]`. A value. Error texts never repeat the URL, since it may hold a password.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "proxy/base/result.h"

namespace portvakt::logs {

struct RedisUrl {
  std::string host;  // empty: a Unix socket
  std::uint16_t port = 6379;
  std::string socket_path;
  std::string user;      // empty: the default user
  std::string password;  // empty: no sign-in
  int database = 0;

  bool is_unix() const { return host.empty(); }
  /// For log lines: host and port or socket path; no user, no password.
  std::string place() const;
};

/// `rediss:`, `redis+sentinel:` and `redis+cluster:` are Unsupported for now; all else that is wrong is
/// Invalid.
Result<RedisUrl> parse_redis_url(std::string_view text);

}  // namespace portvakt::logs
