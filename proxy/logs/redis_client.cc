#include "proxy/logs/redis_client.h"

#include <cerrno>
#include <cstring>
#include <memory>

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "proxy/logs/redis_command.h"

namespace portvakt::logs {
namespace {

using std::chrono::milliseconds;
using Done = tl::expected<void, RedisFault>;

constexpr std::size_t kReadSize = 16 * 1024;

bool would_block() {
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

}  // namespace

RedisClient::RedisClient(const RedisUrl& url, Timeouts timeouts, const StopSignal& stop)
    : url_(url), timeouts_(timeouts), stop_(stop) {}

void RedisClient::disconnect() {
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
  reader_.reset();
}

Done RedisClient::connect() {
  disconnect();
  Done done = url_.is_unix() ? connect_unix() : connect_tcp();
  if (done) {
    reader_.emplace();
    done = sign_in();
  }
  if (!done) disconnect();
  return done;
}

Done RedisClient::connect_unix() {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (url_.socket_path.size() >= sizeof address.sun_path) return tl::unexpected(RedisFault::Unreachable);
  std::memcpy(address.sun_path, url_.socket_path.data(), url_.socket_path.size());
  return connect_to(reinterpret_cast<const sockaddr*>(&address), sizeof address);
}

Done RedisClient::connect_tcp() {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(url_.host.c_str(), std::to_string(url_.port).c_str(), &hints, &found) != 0) {
    return tl::unexpected(RedisFault::Unreachable);
  }
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> list(found, ::freeaddrinfo);
  Done done = tl::unexpected(RedisFault::Unreachable);
  for (const addrinfo* at = found; at && !done; at = at->ai_next)
    done = connect_to(at->ai_addr, at->ai_addrlen);
  if (!done) return done;
  const int on = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return done;
}

Done RedisClient::connect_to(const sockaddr* address, unsigned length) {
  disconnect();
  socket_ = ::socket(address->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (socket_ < 0) return tl::unexpected(RedisFault::Unreachable);
  if (::connect(socket_, address, length) == 0) return {};
  // A Unix socket whose queue is full says EAGAIN and does not go on by itself: that is a failed attempt.
  if (errno != EINPROGRESS) return tl::unexpected(RedisFault::Unreachable);
  if (auto ready = wait_for(POLLOUT, timeouts_.connect); !ready) return ready;
  int code = 0;
  socklen_t size = sizeof code;
  ::getsockopt(socket_, SOL_SOCKET, SO_ERROR, &code, &size);
  if (code != 0) return tl::unexpected(RedisFault::Unreachable);
  return {};
}

Done RedisClient::sign_in() {
  std::string commands;
  std::size_t count = 0;
  if (!url_.password.empty()) {
    if (url_.user.empty()) {
      append_command(commands, {"AUTH", url_.password});
    } else {
      append_command(commands, {"AUTH", url_.user, url_.password});
    }
    ++count;
  }
  if (url_.database != 0) {
    append_command(commands, {"SELECT", std::to_string(url_.database)});
    ++count;
  }
  if (count == 0) return {};
  const auto replies = exchange(commands, count);
  if (!replies) return tl::unexpected(replies.error());
  for (const RedisReply& reply : *replies) {
    if (reply.is_error()) return tl::unexpected(reply.fault());
  }
  return {};
}

Done RedisClient::wait_for(short events, milliseconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (true) {
    const auto left = std::chrono::ceil<milliseconds>(deadline - std::chrono::steady_clock::now());
    const milliseconds time = stop_.bounded(std::max(left, milliseconds{0}));
    pollfd watched[2] = {{socket_, events, 0}, {stop_.descriptor(), POLLIN, 0}};
    // Once the signal is up its descriptor stays readable: then only the time counts.
    const int ready = ::poll(watched, stop_.raised() ? 1 : 2, static_cast<int>(time.count()));
    if (ready < 0 && errno != EINTR) return tl::unexpected(RedisFault::Closed);
    if (ready > 0 && watched[0].revents != 0) return {};
    if (stop_.expired()) return tl::unexpected(RedisFault::Stopped);
    if (std::chrono::steady_clock::now() >= deadline) return tl::unexpected(RedisFault::TimedOut);
  }
}

/// Whether anything went out.
tl::expected<bool, RedisFault> RedisClient::send_some(std::string_view& rest) {
  if (rest.empty()) return false;
  const ssize_t sent = ::send(socket_, rest.data(), rest.size(), MSG_NOSIGNAL);
  if (sent < 0 && would_block()) return false;
  if (sent < 0) return tl::unexpected(RedisFault::Closed);
  rest.remove_prefix(static_cast<std::size_t>(sent));
  return sent > 0;
}

/// Whether anything came in.
tl::expected<bool, RedisFault> RedisClient::receive_some() {
  char bytes[kReadSize];
  const ssize_t got = ::recv(socket_, bytes, sizeof bytes, 0);
  if (got < 0 && would_block()) return false;
  if (got <= 0) return tl::unexpected(RedisFault::Closed);
  if (auto fed = reader_->feed({bytes, static_cast<std::size_t>(got)}); !fed)
    return tl::unexpected(fed.error());
  return true;
}

Done RedisClient::collect(std::vector<RedisReply>& replies, std::size_t wanted) {
  while (replies.size() < wanted) {
    auto reply = reader_->next();
    if (!reply) return tl::unexpected(reply.error());
    if (!*reply) return {};
    replies.push_back(std::move(**reply));
  }
  return {};
}

tl::expected<std::vector<RedisReply>, RedisFault> RedisClient::run(std::string_view commands,
                                                                   std::size_t wanted) {
  std::vector<RedisReply> replies;
  replies.reserve(wanted);
  while (replies.size() < wanted) {
    const auto sent = send_some(commands);
    if (!sent) return tl::unexpected(sent.error());
    const auto received = receive_some();
    if (!received) return tl::unexpected(received.error());
    if (*received) {
      if (auto collected = collect(replies, wanted); !collected) return tl::unexpected(collected.error());
    }
    if (*sent || *received) continue;
    const short events = commands.empty() ? POLLIN : POLLIN | POLLOUT;
    if (auto ready = wait_for(events, timeouts_.reply); !ready) return tl::unexpected(ready.error());
  }
  return replies;
}

tl::expected<std::vector<RedisReply>, RedisFault> RedisClient::exchange(std::string_view commands,
                                                                        std::size_t replies) {
  if (!connected()) return tl::unexpected(RedisFault::Closed);
  auto result = run(commands, replies);
  if (!result) disconnect();
  return result;
}

}  // namespace portvakt::logs
