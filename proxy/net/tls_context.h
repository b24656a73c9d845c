// Certificates and TLS settings of one listener, or the trust of connections to upstreams. Immutable after it
// is made; shared by all workers. Forward secrecy and AEAD ciphers only, no renegotiation, no early data, no
// compression. Makes no socket: TlsTransport does.
#pragma once

#include <memory>

#include "proxy/base/result.h"
#include "proxy/net/tls_settings.h"
#include "proxy/net/tls_tickets.h"

namespace portvakt::net {

class TlsContext {
 public:
  /// A server's side. The certificate is chosen by SNI, an exact name before a wildcard; the first one serves
  /// clients that name no known host. Certificates of the same name with keys of different types serve side
  /// by side. Reads the files. Errors: Invalid, naming the file.
  static Result<std::shared_ptr<const TlsContext>> for_server(const TlsServerSettings& settings,
                                                              std::shared_ptr<TlsShared> shared);
  /// A client's side: verifies against authorities and the host name.
  static Result<std::shared_ptr<const TlsContext>> for_client(const TlsClientSettings& settings = {});

  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  struct Handles;
  const Handles& handles() const { return *handles_; }

 private:
  explicit TlsContext(std::unique_ptr<Handles> handles);
  std::unique_ptr<Handles> handles_;
};

}  // namespace portvakt::net
