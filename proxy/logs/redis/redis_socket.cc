#include "proxy/logs/redis/redis_socket.h"

#include <cerrno>
#include <cstring>

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace portvakt::logs {
namespace {

using std::chrono::milliseconds;
using Done = tl::expected<void, RedisFault>;

constexpr std::size_t kReadSize = 16 * 1024;

/// A peer that is gone without a word is found out by the kernel, too: after these seconds without an answer.
constexpr int kUserTimeout = 10'000;

bool would_block() {
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

}  // namespace

RedisSocket::RedisSocket(const RedisUrl& url, RedisTimeouts timeouts, const StopSignal& stop)
    : url_(url), timeouts_(timeouts), stop_(stop) {}

void RedisSocket::close() {
  tls_.reset();
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
}

Done RedisSocket::open() {
  close();
  if (url_.is_unix()) return open_unix();
  if (url_.tls && !url_.trust) return tl::unexpected(RedisFault::Untrusted);
  Done done = open_tcp();
  if (done && url_.tls) {
    const std::string& name = url_.server_name.empty() ? url_.host : url_.server_name;
    tls_ = std::make_unique<net::TlsStream>(socket_, url_.trust, name);
  }
  return done;
}

Done RedisSocket::open_unix() {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (url_.socket_path.size() >= sizeof address.sun_path) return tl::unexpected(RedisFault::Unreachable);
  std::memcpy(address.sun_path, url_.socket_path.data(), url_.socket_path.size());
  return open_to(reinterpret_cast<const sockaddr*>(&address), sizeof address);
}

Done RedisSocket::open_tcp() {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(url_.host.c_str(), std::to_string(url_.port).c_str(), &hints, &found) != 0) {
    return tl::unexpected(RedisFault::Unreachable);
  }
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> list(found, ::freeaddrinfo);
  Done done = tl::unexpected(RedisFault::Unreachable);
  for (const addrinfo* at = found; at && !done; at = at->ai_next) done = open_to(at->ai_addr, at->ai_addrlen);
  if (!done) return done;
  const int on = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ::setsockopt(socket_, IPPROTO_TCP, TCP_USER_TIMEOUT, &kUserTimeout, sizeof kUserTimeout);
  return done;
}

Done RedisSocket::open_to(const sockaddr* address, unsigned length) {
  close();
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

Done RedisSocket::wait_for(short events, milliseconds limit) {
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

Done RedisSocket::wait(bool sending) {
  if (tls_) sending = write_waits_ || tls_->wants_write();  // its handshake and its records decide
  return wait_for(sending ? POLLIN | POLLOUT : POLLIN, timeouts_.reply);
}

RedisFault RedisSocket::fault_of(net::IoState state) const {
  const bool refused = state == net::IoState::Failed && tls_->refused();
  return refused ? RedisFault::Untrusted : RedisFault::Closed;
}

tl::expected<bool, RedisFault> RedisSocket::send_some(std::string_view& rest) {
  write_waits_ = false;
  if (rest.empty()) return false;
  std::size_t sent = 0;
  if (tls_) {
    const net::IoResult written = tls_->write(rest);
    write_waits_ = written.state == net::IoState::Blocked && tls_->wants_write();
    if (written.state == net::IoState::Blocked) return false;
    if (written.state != net::IoState::Moved) return tl::unexpected(fault_of(written.state));
    sent = written.bytes;
  } else {
    const ssize_t written = ::send(socket_, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (written < 0 && would_block()) return false;
    if (written < 0) return tl::unexpected(RedisFault::Closed);
    sent = static_cast<std::size_t>(written);
  }
  rest.remove_prefix(sent);
  return sent > 0;
}

tl::expected<bool, RedisFault> RedisSocket::receive_some(RedisReplyReader& reader) {
  char bytes[kReadSize];
  std::size_t came = 0;
  if (tls_) {
    const net::IoResult read = tls_->read(bytes, sizeof bytes);
    if (read.state == net::IoState::Blocked) return false;
    if (read.state != net::IoState::Moved) return tl::unexpected(fault_of(read.state));
    came = read.bytes;
  } else {
    const ssize_t got = ::recv(socket_, bytes, sizeof bytes, 0);
    if (got < 0 && would_block()) return false;
    if (got <= 0) return tl::unexpected(RedisFault::Closed);
    came = static_cast<std::size_t>(got);
  }
  if (auto fed = reader.feed({bytes, came}); !fed) return tl::unexpected(fed.error());
  return true;
}

}  // namespace portvakt::logs
