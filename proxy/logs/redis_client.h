// One connection to a Redis server, over TCP or a Unix socket, for a thread that may wait: sends a run of
// commands and collects as many replies. Knows nothing of streams. Every wait has a limit and ends early when
// the stop signal's deadline comes. After any fault the connection is closed; what had been sent then has an
// unknown outcome.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "proxy/logs/redis_reply.h"
#include "proxy/logs/redis_url.h"
#include "proxy/logs/stop_signal.h"

struct sockaddr;

namespace portvakt::logs {

class RedisClient {
 public:
  struct Timeouts {
    std::chrono::milliseconds connect;
    std::chrono::milliseconds reply;  // without any byte coming or going
  };

  /// The signal outlives the client.
  RedisClient(const RedisUrl& url, Timeouts timeouts, const StopSignal& stop);
  ~RedisClient() { disconnect(); }
  RedisClient(const RedisClient&) = delete;
  RedisClient& operator=(const RedisClient&) = delete;

  /// Connects, signs in and chooses the database.
  tl::expected<void, RedisFault> connect();
  void disconnect();
  bool connected() const { return socket_ >= 0; }

  /// `commands` holds `replies` commands. Errors that Redis answers are replies, not faults.
  tl::expected<std::vector<RedisReply>, RedisFault> exchange(std::string_view commands, std::size_t replies);

 private:
  tl::expected<void, RedisFault> connect_to(const sockaddr* address, unsigned length);
  tl::expected<void, RedisFault> connect_tcp();
  tl::expected<void, RedisFault> connect_unix();
  tl::expected<void, RedisFault> sign_in();
  tl::expected<void, RedisFault> wait_for(short events, std::chrono::milliseconds limit);
  tl::expected<bool, RedisFault> send_some(std::string_view& rest);
  tl::expected<bool, RedisFault> receive_some();
  tl::expected<void, RedisFault> collect(std::vector<RedisReply>& replies, std::size_t wanted);
  tl::expected<std::vector<RedisReply>, RedisFault> run(std::string_view commands, std::size_t wanted);

  RedisUrl url_;
  Timeouts timeouts_;
  const StopSignal& stop_;
  int socket_ = -1;
  std::optional<RedisReplyReader> reader_;
};

}  // namespace portvakt::logs
