#include "proxy/net/tls_context.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "proxy/base/ascii.h"
#include "proxy/net/tls_handles.h"

namespace portvakt::net {
namespace {

constexpr const char* kCiphers =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";

std::string openssl_reason() {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  ERR_clear_error();
  return reason != nullptr ? reason : "unknown reason";
}

SslCtxPtr make_context(const SSL_METHOD* method) {
  SslCtxPtr context(SSL_CTX_new(method));
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(context.get(), kCiphers);
  SSL_CTX_set1_groups_list(context.get(), "X25519:P-256");
  SSL_CTX_set_options(context.get(),
                      SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                      SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_max_early_data(context.get(), 0);
  return context;
}

/// The DNS names of a certificate's subjectAltName (RFC 6125: the common name is not looked at).
std::vector<std::string> certificate_names(SSL_CTX* context) {
  std::vector<std::string> names;
  X509* certificate = SSL_CTX_get0_certificate(context);
  auto* alternatives =
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
  for (int i = 0; i < sk_GENERAL_NAME_num(alternatives); ++i) {
    const GENERAL_NAME* one = sk_GENERAL_NAME_value(alternatives, i);
    if (one->type != GEN_DNS) continue;
    const auto* text = reinterpret_cast<const char*>(ASN1_STRING_get0_data(one->d.dNSName));
    names.push_back(ascii::lower({text, static_cast<std::size_t>(ASN1_STRING_length(one->d.dNSName))}));
  }
  GENERAL_NAMES_free(alternatives);
  return names;
}

bool covers(const std::vector<std::string>& names, std::string_view host) {
  for (const std::string_view name : names) {
    if (name == host) return true;
    if (!name.starts_with("*.")) continue;
    const auto dot = host.find('.');
    if (dot != std::string_view::npos && dot > 0 && host.substr(dot) == name.substr(1)) return true;
  }
  return false;
}

int choose_certificate(SSL* ssl, int*, void* handles) {
  const char* asked = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
  if (asked == nullptr) return SSL_TLSEXT_ERR_NOACK;
  const auto host = ascii::lower(asked);
  for (const auto& one : static_cast<TlsContext::Handles*>(handles)->certificates) {
    if (!covers(one.names, host)) continue;
    SSL_set_SSL_CTX(ssl, one.context.get());
    return SSL_TLSEXT_ERR_OK;
  }
  return SSL_TLSEXT_ERR_NOACK;
}

/// HTTP/1.1 is the one protocol served; a client that offers others only is refused (RFC 7301 section 3.2).
int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_length, const unsigned char* offered,
                    unsigned int offered_length, void*) {
  static constexpr unsigned char kHttp11[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  unsigned char* chosen = nullptr;
  const int status =
      SSL_select_next_proto(&chosen, out_length, kHttp11, sizeof kHttp11, offered, offered_length);
  *out = chosen;
  return status == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

}  // namespace

TlsContext::TlsContext(std::unique_ptr<Handles> handles) : handles_(std::move(handles)) {}
TlsContext::~TlsContext() = default;

Result<std::shared_ptr<const TlsContext>> TlsContext::for_server(const std::vector<CertificateFiles>& files) {
  auto handles = std::make_unique<Handles>();
  for (const auto& pair : files) {
    Handles::Certificate one{make_context(TLS_server_method()), {}};
    if (SSL_CTX_use_certificate_chain_file(one.context.get(), pair.certificate.c_str()) != 1) {
      return failure(ErrorKind::Invalid,
                     "cannot read certificate " + pair.certificate.string() + ": " + openssl_reason());
    }
    if (SSL_CTX_use_PrivateKey_file(one.context.get(), pair.key.c_str(), SSL_FILETYPE_PEM) != 1) {
      return failure(ErrorKind::Invalid, "cannot use key " + pair.key.string() + ": " + openssl_reason());
    }
    one.names = certificate_names(one.context.get());
    SSL_CTX_set_tlsext_servername_callback(one.context.get(), choose_certificate);
    SSL_CTX_set_tlsext_servername_arg(one.context.get(), handles.get());
    SSL_CTX_set_alpn_select_cb(one.context.get(), choose_protocol, nullptr);
    handles->certificates.push_back(std::move(one));
  }
  if (handles->certificates.empty()) return failure(ErrorKind::Invalid, "a TLS listener needs a certificate");
  return std::shared_ptr<const TlsContext>(new TlsContext(std::move(handles)));
}

Result<std::shared_ptr<const TlsContext>> TlsContext::for_client() {
  auto handles = std::make_unique<Handles>();
  handles->certificates.push_back({make_context(TLS_client_method()), {}});
  SSL_CTX* context = handles->certificates[0].context.get();
  if (SSL_CTX_set_default_verify_paths(context) != 1) {
    return failure(ErrorKind::Io, "cannot load the system's trusted certificates: " + openssl_reason());
  }
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  return std::shared_ptr<const TlsContext>(new TlsContext(std::move(handles)));
}

}  // namespace portvakt::net
