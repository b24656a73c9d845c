// One connection to one Redis server, for a thread that may wait: signs in, sends a run of commands and
// collects as many replies. After any fault it is closed; what had been sent then has an unknown outcome.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "proxy/logs/redis/redis_socket.h"

namespace portvakt::logs {

using RedisReplies = tl::expected<std::vector<RedisReply>, RedisFault>;

/// What a server says of its part (ROLE).
struct RedisRole {
  bool known = false;  // its access list lets us ask
  bool master = true;
  std::int64_t offset = 0;             // of what it has written, in its stream of replication
  std::vector<std::int64_t> replicas;  // how far each connected replica has come
};

class RedisConnection {
 public:
  /// `url` is one server. The signal outlives the connection.
  RedisConnection(RedisUrl url, RedisTimeouts timeouts, const StopSignal& stop);
  RedisConnection(const RedisConnection&) = delete;
  RedisConnection& operator=(const RedisConnection&) = delete;

  /// Connects, signs in and chooses the database.
  tl::expected<void, RedisFault> connect();
  /// Connects only.
  tl::expected<void, RedisFault> open();
  /// AUTH and SELECT, as the URL has them.
  tl::expected<void, RedisFault> sign_in();
  void disconnect();
  bool connected() const { return socket_.is_open(); }

  /// `commands` holds `replies` commands. Errors that Redis answers are replies, not faults.
  RedisReplies exchange(std::string_view commands, std::size_t replies);
  /// One command; an error that Redis answers is a fault here.
  tl::expected<RedisReply, RedisFault> ask(std::initializer_list<std::string_view> words);
  /// Also a sign of life.
  tl::expected<RedisRole, RedisFault> role();

  const RedisUrl& url() const { return url_; }

 private:
  tl::expected<void, RedisFault> collect(std::vector<RedisReply>& replies, std::size_t wanted);
  RedisReplies run(std::string_view commands, std::size_t wanted);

  RedisUrl url_;
  RedisSocket socket_;
  std::optional<RedisReplyReader> reader_;
};

}  // namespace portvakt::logs
