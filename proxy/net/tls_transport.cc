#include "proxy/net/tls_transport.h"

#include <openssl/err.h>
#include <sys/socket.h>

#include <algorithm>
#include <climits>

#include "proxy/net/tls_handles.h"

namespace portvakt::net {

struct TlsTransport::Session {
  Session(EventLoop& loop, FileDescriptor descriptor, SSL_CTX* context)
      : fd(std::move(descriptor)),
        ssl(SSL_new(context)),
        readiness(loop, fd.get(), Readiness::Mode::Edge, [this](bool, bool) {
          if (on_ready) on_ready();
        }) {
    SSL_set_fd(ssl.get(), fd.get());
  }

  FileDescriptor fd;
  SslPtr ssl;
  std::function<void()> on_ready;
  bool broken = false;
  Readiness readiness;  // last: gone before the descriptor closes
};

TlsTransport::TlsTransport(EventLoop& loop, FileDescriptor fd, std::shared_ptr<const TlsContext> context)
    : context_(std::move(context)),
      session_(
          std::make_unique<Session>(loop, std::move(fd), context_->handles().certificates[0].context.get())) {
  SSL_set_accept_state(session_->ssl.get());
}

TlsTransport::TlsTransport(EventLoop& loop, FileDescriptor fd, std::shared_ptr<const TlsContext> context,
                           const std::string& host)
    : context_(std::move(context)),
      session_(
          std::make_unique<Session>(loop, std::move(fd), context_->handles().certificates[0].context.get())) {
  SSL* ssl = session_->ssl.get();
  SSL_set_connect_state(ssl);
  SSL_set_tlsext_host_name(ssl, host.c_str());
  SSL_set1_host(ssl, host.c_str());
}

TlsTransport::~TlsTransport() = default;

void TlsTransport::set_on_ready(std::function<void()> on_ready) {
  session_->on_ready = std::move(on_ready);
}

IoResult TlsTransport::outcome(int status) {
  if (status > 0) return {IoState::Moved, static_cast<std::size_t>(status)};
  const int error = SSL_get_error(session_->ssl.get(), status);
  ERR_clear_error();
  switch (error) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
      return {IoState::Blocked, 0};
    case SSL_ERROR_ZERO_RETURN:
      return {IoState::Ended, 0};
    default:
      session_->broken = true;
      return {IoState::Failed, 0};
  }
}

IoResult TlsTransport::read(char* into, std::size_t room) {
  if (session_->broken) return {IoState::Failed, 0};
  ERR_clear_error();
  return outcome(SSL_read(session_->ssl.get(), into, static_cast<int>(std::min<std::size_t>(room, INT_MAX))));
}

IoResult TlsTransport::write(std::string_view bytes) {
  if (session_->broken) return {IoState::Failed, 0};
  ERR_clear_error();
  return outcome(SSL_write(session_->ssl.get(), bytes.data(),
                           static_cast<int>(std::min<std::size_t>(bytes.size(), INT_MAX))));
}

void TlsTransport::shutdown_write() {
  if (session_->broken) return;
  ERR_clear_error();
  SSL_shutdown(session_->ssl.get());
  ::shutdown(session_->fd.get(), SHUT_WR);
}

void TlsTransport::reset_on_close() {
  const linger hard{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(session_->fd.get(), SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
  session_->broken = true;
}

}  // namespace portvakt::net
