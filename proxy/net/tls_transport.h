// TLS over a TCP connection, either side. The handshake runs inside the first reads and writes, within the
// context's limit of time; its faults are Failed like any other, so that the owner has one path.
#pragma once

#include <memory>
#include <string>

#include "proxy/net/event_loop.h"
#include "proxy/net/file_descriptor.h"
#include "proxy/net/tls_context.h"
#include "proxy/net/transport.h"

namespace portvakt::net {

class TlsTransport : public Transport {
 public:
  /// A server's side.
  TlsTransport(EventLoop& loop, FileDescriptor fd, std::shared_ptr<const TlsContext> context);
  /// A client's side: `host` is sent as SNI (unless it is an address) and must be in the peer's certificate.
  TlsTransport(EventLoop& loop, FileDescriptor fd, std::shared_ptr<const TlsContext> context,
               const std::string& host);
  ~TlsTransport() override;

  void set_on_ready(std::function<void()> on_ready) override;
  IoResult read(char* into, std::size_t room) override;
  IoResult write(std::string_view bytes) override;
  void shutdown_write() override;
  std::string_view protocol() const override;
  void reset_on_close() override;
  /// A server's side, after the handshake: the certificate covers the host; or the client named this very
  /// host and took what it was shown; or it named none, and no other certificate of the listener would fit
  /// better. Else a client has reused a connection that is another site's (RFC 9110 section 7.4).
  bool may_carry(std::string_view authority) const override;
  std::string fault() const override;

  /// By a session of before, without certificates. For tests.
  bool resumed() const;

 private:
  struct Session;
  IoResult outcome(int status);
  void on_shaken_hands();

  std::shared_ptr<const TlsContext> context_;
  std::unique_ptr<Session> session_;
};

}  // namespace portvakt::net
