#include "proxy/net/tls_stream.h"

#include <openssl/err.h>

#include <algorithm>
#include <climits>
#include <csignal>

#include "proxy/net/tls_handles.h"

namespace portvakt::net {

struct TlsStream::Session {
  explicit Session(const TlsContext& context)
      : ssl(SSL_new(context.handles().identities.front()->context.get())) {
    peer.handles = &context.handles();
    peer.identity = context.handles().identities.front().get();
    attach_peer(ssl.get(), peer);
  }

  TlsPeer peer;
  SslPtr ssl;
  bool shaken = false;
  bool broken = false;
  bool wants_write = false;
  std::string fault;
};

TlsStream::TlsStream(int socket, std::shared_ptr<const TlsContext> context, const std::string& host)
    : context_(std::move(context)), session_(std::make_unique<Session>(*context_)) {
  sigset_t pipe;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  ::pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
  SSL* const ssl = session_->ssl.get();
  SSL_set_fd(ssl, socket);
  session_->peer.name = host;
  expect_host(ssl, host);
}

TlsStream::~TlsStream() {
  if (session_->broken || !session_->shaken) return;
  ERR_clear_error();
  SSL_shutdown(session_->ssl.get());
  ERR_clear_error();
}

IoResult TlsStream::outcome(int status) {
  SSL* const ssl = session_->ssl.get();
  session_->shaken = session_->shaken || SSL_is_init_finished(ssl);
  if (status > 0) return {IoState::Moved, static_cast<std::size_t>(status)};
  const int error = SSL_get_error(ssl, status);
  session_->wants_write = error == SSL_ERROR_WANT_WRITE;
  if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) return {IoState::Blocked, 0};
  if (error == SSL_ERROR_ZERO_RETURN) return {IoState::Ended, 0};
  session_->broken = true;
  session_->fault = describe_failure(ssl, session_->shaken);
  ERR_clear_error();
  return {IoState::Failed, 0};
}

IoResult TlsStream::read(char* into, std::size_t room) {
  if (session_->broken) return {IoState::Failed, 0};
  ERR_clear_error();
  return outcome(SSL_read(session_->ssl.get(), into, static_cast<int>(std::min<std::size_t>(room, INT_MAX))));
}

IoResult TlsStream::write(std::string_view bytes) {
  if (session_->broken) return {IoState::Failed, 0};
  ERR_clear_error();
  return outcome(SSL_write(session_->ssl.get(), bytes.data(),
                           static_cast<int>(std::min<std::size_t>(bytes.size(), INT_MAX))));
}

bool TlsStream::wants_write() const {
  return session_->wants_write;
}

bool TlsStream::refused() const {
  return session_->broken && (!session_->shaken || SSL_get_verify_result(session_->ssl.get()) != X509_V_OK);
}

std::string TlsStream::fault() const {
  return session_->fault;
}

}  // namespace portvakt::net
