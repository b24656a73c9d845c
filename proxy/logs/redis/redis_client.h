// A way to Redis for a thread that may wait: sends a run of commands and collects as many replies, whether
// one server, a master behind sentinels or a cluster stands at the other end. Knows nothing of streams. Every
// wait has a limit and ends early when the stop signal's deadline comes. After any fault the connection is
// closed; what had been sent then has an unknown outcome. connect() looks for the master or the cluster's map
// anew.
#pragma once

#include <memory>

#include "proxy/logs/redis/redis_link.h"

namespace portvakt::logs {

class RedisClient {
 public:
  using Timeouts = RedisTimeouts;

  /// The signal outlives the client.
  RedisClient(const RedisUrl& url, Timeouts timeouts, const StopSignal& stop);

  /// Connects, signs in and chooses the database.
  tl::expected<void, RedisFault> connect() { return link_->connect(); }
  void disconnect() { link_->disconnect(); }
  bool connected() const { return link_->connected(); }

  /// `commands` holds `replies` commands. Errors that Redis answers are replies, not faults. In a cluster
  /// each command goes where its key lies, one without a key to all masters.
  RedisReplies exchange(std::string_view commands, std::size_t replies) {
    return link_->exchange(commands, replies);
  }
  /// For who writes: see RedisLink.
  RedisStandings look() { return link_->look(); }

 private:
  std::unique_ptr<RedisLink> link_;
};

}  // namespace portvakt::logs
