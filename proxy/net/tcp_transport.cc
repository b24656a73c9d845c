#include "proxy/net/tcp_transport.h"

#include <sys/socket.h>

#include <cerrno>

namespace portvakt::net {
namespace {

IoResult outcome(ssize_t count) {
  if (count > 0) return {IoState::Moved, static_cast<std::size_t>(count)};
  if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINPROGRESS || errno == ENOTCONN)) {
    return {IoState::Blocked, 0};
  }
  return {IoState::Failed, 0};
}

}  // namespace

TcpTransport::TcpTransport(EventLoop& loop, FileDescriptor fd)
    : fd_(std::move(fd)), readiness_(loop, fd_.get(), Readiness::Mode::Edge, [this](bool, bool) {
        if (on_ready_) on_ready_();
      }) {}

IoResult TcpTransport::read(char* into, std::size_t room) {
  ssize_t count = 0;
  do {
    count = ::recv(fd_.get(), into, room, 0);
  } while (count < 0 && errno == EINTR);
  if (count == 0) return {IoState::Ended, 0};
  auto result = outcome(count);
  // A read that leaves room has taken all there was (epoll(7)); whatever comes later makes a new edge. Only
  // an end that came together with the bytes is told no second time.
  result.drained = result.state == IoState::Moved && result.bytes < room && !readiness_.hung_up();
  return result;
}

IoResult TcpTransport::write(std::string_view bytes) {
  ssize_t count = 0;
  do {
    count = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  } while (count < 0 && errno == EINTR);
  return outcome(count);
}

void TcpTransport::shutdown_write() {
  ::shutdown(fd_.get(), SHUT_WR);
}

void TcpTransport::reset_on_close() {
  const linger hard{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(fd_.get(), SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
}

}  // namespace portvakt::net
