// OpenSSL's types behind the TLS classes, for the .cc files of this room only.
#pragma once

#include <openssl/ssl.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "proxy/net/tls_certificate.h"
#include "proxy/net/tls_context.h"
#include "proxy/net/tls_session_store.h"

namespace portvakt::net {

struct FreeOpenssl {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* ssl) const { SSL_free(ssl); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using SslCtxPtr = std::unique_ptr<SSL_CTX, FreeOpenssl>;
using SslPtr = std::unique_ptr<SSL, FreeOpenssl>;
using X509Ptr = std::unique_ptr<X509, FreeOpenssl>;
using KeyPtr = std::unique_ptr<EVP_PKEY, FreeOpenssl>;

/// The last error's reason; clears OpenSSL's queue of errors.
std::string openssl_reason();
/// Why a handshake or, once it was `shaken`, a connection failed, in words for an operator. Reads OpenSSL's
/// queue of errors.
std::string describe_failure(SSL* ssl, bool shaken);
/// Makes this a client's side: the host is sent as SNI (unless it is an address) and must be in the peer's
/// certificate.
void expect_host(SSL* ssl, const std::string& host);

struct LoadedCertificate {
  X509Ptr leaf;
  std::vector<X509Ptr> chain;
  KeyPtr key;
  CertificateFacts facts;
  std::string file;
};
Result<LoadedCertificate> load_certificate(const CertificateFiles& files);

/// What one name is answered with: a certificate, and others of the same name with keys of other types, among
/// which OpenSSL chooses by what the client can verify.
struct TlsIdentity {
  SslCtxPtr context;
  std::vector<std::string> names;  // of all its certificates

  bool covers(std::string_view host) const;
};

struct TlsContext::Handles {
  std::vector<std::unique_ptr<TlsIdentity>> identities;  // the first: the default; a client's has one
  std::map<std::string, const TlsIdentity*, std::less<>> by_name;  // `*.example.test` as it is written
  std::shared_ptr<TlsShared> shared;                               // a server's
  std::chrono::milliseconds handshake_timeout{};
  std::unique_ptr<TlsSessionStore> sessions;  // a client's

  /// Null: no certificate covers it.
  const TlsIdentity* find(std::string_view host) const;
};

/// What callbacks of a handshake find at its SSL object, and leave there.
struct TlsPeer {
  const TlsContext::Handles* handles = nullptr;
  const TlsIdentity* identity = nullptr;  // a server's, chosen at the ClientHello
  std::string name;  // a server's: the SNI, empty without; a client's: the host asked for
};

void attach_peer(SSL* ssl, TlsPeer& peer);
TlsPeer& peer_of(const SSL* ssl);

/// SSL_CTX_set_client_hello_cb: runs before a session is looked for, so that one which belongs to another
/// name's certificate is not resumed; the servername callback would come too late for that.
int on_client_hello(SSL* ssl, int* alert, void* unused);
/// Lets the server seal and open session tickets with the process's keys.
void use_ticket_keys(SSL_CTX* context);
/// Lets a client's context keep the sessions that servers offer.
void keep_sessions(SSL_CTX* context);

}  // namespace portvakt::net
