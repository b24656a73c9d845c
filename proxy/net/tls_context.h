// Certificates and TLS settings of one listener, or the trust of connections to upstreams. Immutable after it
// is made; shared by all workers. TLS 1.2 and 1.3, forward secrecy and AEAD ciphers only, no renegotiation,
// no early data, no compression (the Mozilla intermediate profile).
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/base/result.h"

namespace portvakt::net {

struct CertificateFiles {
  std::filesystem::path certificate;  // PEM: leaf first, then its chain
  std::filesystem::path key;          // PEM
};

class TlsContext {
 public:
  /// A server's side. The certificate is chosen by SNI among the names of all; the first serves clients that
  /// name no known host. Errors: Invalid or Io, naming the file.
  static Result<std::shared_ptr<const TlsContext>> for_server(const std::vector<CertificateFiles>& files);
  /// A client's side: verifies against the system's trust store and the host name.
  static Result<std::shared_ptr<const TlsContext>> for_client();

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
