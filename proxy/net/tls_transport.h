// TLS over a TCP connection, either side. The handshake runs inside the first reads and writes; its faults
// are Failed like any other, so that the owner has one path.
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
  /// A client's side: `host` is sent as SNI and must be in the peer's certificate.
  TlsTransport(EventLoop& loop, FileDescriptor fd, std::shared_ptr<const TlsContext> context,
               const std::string& host);
  ~TlsTransport() override;

  void set_on_ready(std::function<void()> on_ready) override;
  IoResult read(char* into, std::size_t room) override;
  IoResult write(std::string_view bytes) override;
  void shutdown_write() override;
  void reset_on_close() override;

 private:
  struct Session;
  IoResult outcome(int status);

  std::shared_ptr<const TlsContext> context_;
  std::unique_ptr<Session> session_;
};

}  // namespace portvakt::net
