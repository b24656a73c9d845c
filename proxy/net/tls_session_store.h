// Sessions that upstreams offered, by host, for the next connection's short handshake. Shared by all workers:
// a lock is held for a moment once per handshake. Sessions of TLS 1.3 serve once (RFC 8446 appendix C.4).
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

struct ssl_session_st;

namespace portvakt::net {

struct FreeSession {
  void operator()(ssl_session_st* session) const;
};
using SessionPtr = std::unique_ptr<ssl_session_st, FreeSession>;

class TlsSessionStore {
 public:
  void put(const std::string& host, SessionPtr session);
  /// Null: none is left.
  SessionPtr take(const std::string& host);

 private:
  std::mutex lock_;
  std::map<std::string, std::vector<SessionPtr>> sessions_;
};

}  // namespace portvakt::net
