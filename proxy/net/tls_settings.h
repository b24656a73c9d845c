// What an operator chose for TLS, of one listener or of the connections to one site's upstreams. Values.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace portvakt::net {

struct CertificateFiles {
  std::filesystem::path certificate;  // PEM: leaf first, then its chain
  std::filesystem::path key;          // PEM, not encrypted

  friend bool operator==(const CertificateFiles&, const CertificateFiles&) = default;
};

/// Mozilla's server side recommendations of the same names. Both leave the choice among their ciphers to the
/// client, which knows what its hardware does well.
enum class TlsProfile : std::uint8_t {
  Intermediate,  // TLS 1.2 and 1.3
  Modern,        // TLS 1.3 alone
};

struct TlsServerSettings {
  std::vector<CertificateFiles> certificates;  // at least one; the first one answers unknown names
  TlsProfile profile = TlsProfile::Intermediate;
  std::chrono::milliseconds handshake_timeout{10000};
  /// Tells listeners apart: a session of one is not resumed at another.
  std::string scope = {};
};

struct TlsClientSettings {
  std::filesystem::path trusted = {};  // PEM bundle of authorities; empty: the system's
  CertificateFiles own = {};           // shown to the server; empty: none
  bool verify = true;                  // false: any certificate is taken
};

}  // namespace portvakt::net
