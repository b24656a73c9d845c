// What the client's sides of TLS have in common, with an event loop and without.
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "proxy/base/address.h"
#include "proxy/net/tls_handles.h"

namespace portvakt::net {

std::string describe_failure(SSL* ssl, bool shaken) {
  if (const long verified = SSL_get_verify_result(ssl); !shaken && verified != X509_V_OK) {
    return std::string("its certificate is not accepted: ") + X509_verify_cert_error_string(verified);
  }
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  const std::string where = shaken ? "TLS" : "the TLS handshake";
  if (reason == nullptr) return shaken ? std::string() : "the connection ended during " + where;
  return where + " failed: " + reason;
}

void expect_host(SSL* ssl, const std::string& host) {
  SSL_set_connect_state(ssl);
  if (IpAddress::parse(host)) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str());
    return;
  }
  SSL_set_tlsext_host_name(ssl, host.c_str());
  SSL_set1_host(ssl, host.c_str());
  SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
}

}  // namespace portvakt::net
