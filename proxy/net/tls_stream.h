// TLS as a client over a non-blocking socket that the owner watches with poll itself: for threads that may
// wait and have no event loop. Verifies the peer's certificate and name as its context says. The handshake
// runs inside the first reads and writes. One thread; the socket outlives the stream.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "proxy/net/tls_context.h"
#include "proxy/net/transport.h"

namespace portvakt::net {

class TlsStream {
 public:
  /// `host` is sent as SNI (unless it is an address) and must be in the peer's certificate. Blocks SIGPIPE
  /// for the calling thread: OpenSSL writes without MSG_NOSIGNAL.
  TlsStream(int socket, std::shared_ptr<const TlsContext> context, const std::string& host);
  ~TlsStream();
  TlsStream(const TlsStream&) = delete;
  TlsStream& operator=(const TlsStream&) = delete;

  IoResult read(char* into, std::size_t room);
  IoResult write(std::string_view bytes);
  /// What the last Blocked waits for: room to write, instead of bytes to read.
  bool wants_write() const;
  /// The peer was refused, or refused us: its certificate, its name, or the handshake itself.
  bool refused() const;
  /// Why it is Failed, in words for an operator; empty if there is nothing to add.
  std::string fault() const;

 private:
  struct Session;
  IoResult outcome(int status);

  std::shared_ptr<const TlsContext> context_;
  std::unique_ptr<Session> session_;
};

}  // namespace portvakt::net
