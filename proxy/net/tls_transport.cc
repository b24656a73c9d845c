#include "proxy/net/tls_transport.h"

#include <openssl/err.h>
#include <sys/socket.h>

#include <algorithm>
#include <climits>

#include "proxy/net/tls_handles.h"

namespace portvakt::net {
struct TlsTransport::Session {
  Session(EventLoop& loop, FileDescriptor descriptor, const TlsContext& context)
      : fd(std::move(descriptor)),
        ssl(SSL_new(context.handles().identities.front()->context.get())),
        readiness(loop, fd.get(), Readiness::Mode::Edge, [this](bool, bool) {
          if (on_ready) on_ready();
        }) {
    peer.handles = &context.handles();
    peer.identity = context.handles().identities.front().get();
    attach_peer(ssl.get(), peer);
    SSL_set_fd(ssl.get(), fd.get());
  }

  ~Session() {
    if (counters != nullptr && !shaken) leave_handshake(counters->failed);
    if (!shaken || broken) return;
    // The peer is told that nothing was cut off (RFC 8446 section 6.1), and OpenSSL that the session stays
    // good for the next connection.
    ERR_clear_error();
    if ((SSL_get_shutdown(ssl.get()) & SSL_SENT_SHUTDOWN) == 0) SSL_shutdown(ssl.get());
    SSL_set_shutdown(ssl.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    ERR_clear_error();
  }

  void leave_handshake(Counter& into) {
    counters->open.add(static_cast<std::uint64_t>(-1));
    into.add();
    counters = nullptr;
  }

  FileDescriptor fd;
  TlsPeer peer;
  SslPtr ssl;
  std::function<void()> on_ready;
  std::unique_ptr<Timer> deadline;  // of a server's handshake
  TlsCounters* counters = nullptr;  // of a server's handshake that is under way
  std::string fault;
  bool shaken = false;
  bool broken = false;
  Readiness readiness;  // last: gone before the descriptor closes
};

TlsTransport::TlsTransport(EventLoop& loop, FileDescriptor fd, std::shared_ptr<const TlsContext> context)
    : context_(std::move(context)), session_(std::make_unique<Session>(loop, std::move(fd), *context_)) {
  Session& session = *session_;
  SSL_set_accept_state(session.ssl.get());
  session.counters = &context_->handles().shared->counters;
  session.counters->open.add();
  session.deadline = std::make_unique<Timer>(loop, [&session] {
    session.leave_handshake(session.counters->timed_out);
    session.fault = "the TLS handshake took too long";
    session.broken = true;
    if (session.on_ready) session.on_ready();
  });
  session.deadline->start(context_->handles().handshake_timeout);
}

TlsTransport::TlsTransport(EventLoop& loop, FileDescriptor fd, std::shared_ptr<const TlsContext> context,
                           const std::string& host)
    : context_(std::move(context)), session_(std::make_unique<Session>(loop, std::move(fd), *context_)) {
  SSL* const ssl = session_->ssl.get();
  session_->peer.name = host;
  expect_host(ssl, host);
  if (const auto kept = context_->handles().sessions->take(host)) SSL_set_session(ssl, kept.get());
}

TlsTransport::~TlsTransport() = default;

void TlsTransport::set_on_ready(std::function<void()> on_ready) {
  session_->on_ready = std::move(on_ready);
}

void TlsTransport::on_shaken_hands() {
  session_->shaken = true;
  session_->deadline.reset();
  if (session_->counters == nullptr) return;
  auto& counters = *session_->counters;
  session_->leave_handshake(resumed() ? counters.resumed : counters.full);
}

IoResult TlsTransport::outcome(int status) {
  if (!session_->shaken && SSL_is_init_finished(session_->ssl.get())) on_shaken_hands();
  if (status > 0) return {IoState::Moved, static_cast<std::size_t>(status)};
  switch (SSL_get_error(session_->ssl.get(), status)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
      return {IoState::Blocked, 0};
    case SSL_ERROR_ZERO_RETURN:
      return {IoState::Ended, 0};
    default:
      session_->broken = true;
      session_->deadline.reset();
      session_->fault = describe_failure(session_->ssl.get(), session_->shaken);
      ERR_clear_error();
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

std::string_view TlsTransport::protocol() const {
  const unsigned char* name = nullptr;
  unsigned int length = 0;
  SSL_get0_alpn_selected(session_->ssl.get(), &name, &length);
  return {reinterpret_cast<const char*>(name), length};
}

void TlsTransport::reset_on_close() {
  const linger hard{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(session_->fd.get(), SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
  session_->broken = true;
}

bool TlsTransport::may_carry(std::string_view authority) const {
  const TlsPeer& peer = session_->peer;
  const auto host = certificate_host(authority);
  if (host == peer.name || peer.identity->covers(host)) return true;
  return peer.name.empty() && peer.handles->find(host) == nullptr;
}

std::string TlsTransport::fault() const {
  return session_->fault;
}

bool TlsTransport::resumed() const {
  return SSL_session_reused(session_->ssl.get()) == 1;
}

}  // namespace portvakt::net
