// The bytes of one connection to a Redis server, over TCP, TLS or a Unix socket, for a thread that may wait.
// Every wait has a limit and ends early when the stop signal's deadline comes. Knows nothing of commands and
// replies.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "proxy/logs/redis/redis_reply.h"
#include "proxy/logs/redis/redis_url.h"
#include "proxy/logs/redis/stop_signal.h"
#include "proxy/net/tls_stream.h"

struct sockaddr;

namespace portvakt::logs {

struct RedisTimeouts {
  std::chrono::milliseconds connect;
  std::chrono::milliseconds reply;  // without any byte coming or going
};

class RedisSocket {
 public:
  /// `url` is one server. The signal outlives the socket.
  RedisSocket(const RedisUrl& url, RedisTimeouts timeouts, const StopSignal& stop);
  ~RedisSocket() { close(); }
  RedisSocket(const RedisSocket&) = delete;
  RedisSocket& operator=(const RedisSocket&) = delete;

  /// TLS's handshake runs inside the first sends and receives.
  tl::expected<void, RedisFault> open();
  void close();
  bool is_open() const { return socket_ >= 0; }

  /// Whether anything went out; takes it off the front of `rest`.
  tl::expected<bool, RedisFault> send_some(std::string_view& rest);
  /// Whether anything came in; feeds it to the reader.
  tl::expected<bool, RedisFault> receive_some(RedisReplyReader& reader);
  /// Until bytes may come, or go if `sending`; TimedOut after the limit for replies.
  tl::expected<void, RedisFault> wait(bool sending);

 private:
  tl::expected<void, RedisFault> open_to(const sockaddr* address, unsigned length);
  tl::expected<void, RedisFault> open_tcp();
  tl::expected<void, RedisFault> open_unix();
  tl::expected<void, RedisFault> wait_for(short events, std::chrono::milliseconds limit);
  RedisFault fault_of(net::IoState state) const;

  const RedisUrl& url_;
  RedisTimeouts timeouts_;
  const StopSignal& stop_;
  int socket_ = -1;
  std::unique_ptr<net::TlsStream> tls_;
  bool write_waits_ = false;  // TLS's last write, for the socket to take something
};

}  // namespace portvakt::logs
