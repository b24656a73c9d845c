// What a certificate file says, for those who choose among certificates, check a configuration or watch
// expiry. Reads files: main thread only, never on a worker.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/base/result.h"
#include "proxy/net/tls_settings.h"

namespace portvakt::net {

struct CertificateFacts {
  /// Of the subjectAltName, the one place where clients look (RFC 9525 section 6.3): DNS names in lower case,
  /// `*.` at the front for one label; addresses as text, IPv6 in brackets.
  std::vector<std::string> names;
  std::int64_t not_before = 0;  // seconds since the epoch
  std::int64_t expires = 0;
};

/// Errors: Invalid, naming the file: missing, not PEM, an encrypted key, a key of another certificate.
Result<CertificateFacts> inspect_certificate(const CertificateFiles& files);

/// The host of `host[:port]` as certificates' names are written: lower case, no root dot.
std::string certificate_host(std::string_view authority);

/// `host` as certificate_host() gives it.
bool name_covers(std::string_view name, std::string_view host);

}  // namespace portvakt::net
