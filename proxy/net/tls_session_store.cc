#include "proxy/net/tls_session_store.h"

#include <openssl/ssl.h>

#include "proxy/net/tls_handles.h"

namespace portvakt::net {
namespace {

/// Enough for connections that are opened in a burst; servers offer one or two a handshake.
constexpr std::size_t kSessionsPerHost = 16;

int on_session(SSL* ssl, SSL_SESSION* session) {
  const TlsPeer& peer = peer_of(ssl);
  peer.handles->sessions->put(peer.name, SessionPtr(session));
  return 1;  // ours now
}

}  // namespace

void FreeSession::operator()(ssl_session_st* session) const {
  SSL_SESSION_free(session);
}

void TlsSessionStore::put(const std::string& host, SessionPtr session) {
  const std::lock_guard held(lock_);
  auto& kept = sessions_[host];
  if (kept.size() >= kSessionsPerHost) kept.erase(kept.begin());
  kept.push_back(std::move(session));
}

SessionPtr TlsSessionStore::take(const std::string& host) {
  const std::lock_guard held(lock_);
  const auto found = sessions_.find(host);
  if (found == sessions_.end()) return nullptr;
  auto& kept = found->second;
  while (!kept.empty()) {
    SessionPtr session = std::move(kept.back());
    kept.pop_back();
    if (SSL_SESSION_is_resumable(session.get()) != 1) continue;
    if (SSL_SESSION_get_protocol_version(session.get()) < TLS1_3_VERSION) {
      SSL_SESSION_up_ref(session.get());
      kept.emplace_back(session.get());
    }
    return session;
  }
  return nullptr;
}

void keep_sessions(SSL_CTX* context) {
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(context, on_session);
}

}  // namespace portvakt::net
