#include "proxy/net/listener.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>

#include "proxy/base/log.h"

namespace portvakt::net {
namespace {

// One turn takes no more than this many, so that a flood of connections cannot starve those that are open.
constexpr int kAcceptsPerTurn = 64;
constexpr std::chrono::milliseconds kRetry{100};

}  // namespace

Listener::Listener(EventLoop& loop, FileDescriptor fd, OnConnection on_connection,
                   std::function<void()> on_exhausted)
    : loop_(loop),
      fd_(std::move(fd)),
      on_connection_(std::move(on_connection)),
      on_exhausted_(std::move(on_exhausted)),
      retry_(loop, [this] {
        readiness_ = std::make_unique<Readiness>(loop_, fd_.get(), Readiness::Mode::LevelRead,
                                                 [this](bool, bool) { accept_some(); });
      }) {
  readiness_ = std::make_unique<Readiness>(loop_, fd_.get(), Readiness::Mode::LevelRead,
                                           [this](bool, bool) { accept_some(); });
}

bool Listener::accept_some() {
  for (int i = 0; i < kAcceptsPerTurn; ++i) {
    sockaddr_storage peer{};
    socklen_t length = sizeof peer;
    FileDescriptor connection(
        ::accept4(fd_.get(), reinterpret_cast<sockaddr*>(&peer), &length, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!connection.open()) {
      if (errno == EINTR || errno == ECONNABORTED) continue;
      if (errno != EAGAIN && errno != EWOULDBLOCK) {
        // Out of descriptors or memory: waiting clients stay in the kernel's queue until some are free again.
        if (!exhausted_)
          log_warning("cannot accept connections now: the process is out of file descriptors or memory");
        exhausted_ = true;
        readiness_.reset();
        retry_.start(kRetry);
        on_exhausted_();
      }
      return false;
    }
    exhausted_ = false;
    const int on = 1;
    if (peer.ss_family != AF_UNIX) ::setsockopt(connection.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    on_connection_(std::move(connection), IpAddress::from(reinterpret_cast<const sockaddr*>(&peer)));
  }
  return true;
}

void Listener::close() {
  if (!fd_.open()) return;
  readiness_.reset();
  retry_.cancel();
  while (accept_some()) {
  }
  retry_.cancel();
  fd_ = FileDescriptor();
}

}  // namespace portvakt::net
