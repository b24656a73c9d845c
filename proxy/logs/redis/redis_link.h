// What stands between a client and the server or servers that its URL names: one server, the master that
// sentinels name, or a cluster's nodes. One thread, which may wait.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "proxy/logs/redis/redis_connection.h"

namespace portvakt::logs {

/// One server that takes writes, as it stands now.
struct RedisStanding {
  std::string server;
  RedisRole role;
};
using RedisStandings = tl::expected<std::vector<RedisStanding>, RedisFault>;

class RedisLink {
 public:
  virtual ~RedisLink() = default;
  virtual tl::expected<void, RedisFault> connect() = 0;
  virtual void disconnect() = 0;
  virtual bool connected() const = 0;
  virtual RedisReplies exchange(std::string_view commands, std::size_t replies) = 0;
  /// A sign of life from every server that takes writes. A server that is no master any more, or not the one
  /// that is asked for, is a fault. An empty list: nobody could tell whether they still are the right ones.
  virtual RedisStandings look() = 0;
};

}  // namespace portvakt::logs
