#include "proxy/net/tls_context.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>

#include "proxy/net/tls_handles.h"

namespace portvakt::net {
namespace {

/// Of TLS 1.2. Mozilla's intermediate list without its three DHE suites: what they serve is long gone, and
/// their key exchange lets a client burn the server's time (CVE-2002-20001).
constexpr const char* kCiphers =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
constexpr const char* kTls13Ciphers =
    "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";
constexpr const char* kGroups = "X25519:P-256:P-384";

SslCtxPtr make_context(const SSL_METHOD* method, TlsProfile profile) {
  SslCtxPtr context(SSL_CTX_new(method));
  SSL_CTX* const raw = context.get();
  SSL_CTX_set_min_proto_version(raw, profile == TlsProfile::Modern ? TLS1_3_VERSION : TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(raw, kCiphers);
  SSL_CTX_set_ciphersuites(raw, kTls13Ciphers);
  SSL_CTX_set1_groups_list(raw, kGroups);
  SSL_CTX_set_options(raw, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_mode(
      raw, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_max_early_data(raw, 0);
  SSL_CTX_set_recv_max_early_data(raw, 0);
  // A record's head and its body in one read of the socket.
  SSL_CTX_set_read_ahead(raw, 1);
  return context;
}

/// HTTP/2 before HTTP/1.1; a client that offers neither is refused (RFC 7301 section 3.2).
int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_length, const unsigned char* offered,
                    unsigned int offered_length, void*) {
  static constexpr unsigned char kServed[] = {2, 'h', '2', 8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  unsigned char* chosen = nullptr;
  const int status =
      SSL_select_next_proto(&chosen, out_length, kServed, sizeof kServed, offered, offered_length);
  *out = chosen;
  return status == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

/// The client is told that its name was heard; the choice was made before (on_client_hello).
int acknowledge_name(SSL* ssl, int*, void*) {
  const TlsPeer& peer = peer_of(ssl);
  const bool known = !peer.name.empty() && peer.identity->covers(peer.name);
  return known ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

using Chosen = std::vector<const LoadedCertificate*>;

Result<void> use_certificate(SSL_CTX* context, const LoadedCertificate& one) {
  STACK_OF(X509)* chain = sk_X509_new_null();
  for (const auto& link : one.chain) sk_X509_push(chain, link.get());
  const int done = SSL_CTX_use_cert_and_key(context, one.leaf.get(), one.key.get(), chain, 1);
  sk_X509_free(chain);
  if (done == 1) return {};
  return failure(ErrorKind::Invalid, "cannot use certificate " + one.file + ": " + openssl_reason());
}

/// Sessions are resumed only where they were made: same listener, same certificates. Without this a session
/// of one site would be taken up at another, past its certificate (the fault of CVE-2025-23419).
void bind_sessions(SSL_CTX* context, const TlsServerSettings& settings, const Chosen& chosen) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  EVP_MD_CTX* hash = EVP_MD_CTX_new();
  EVP_DigestInit_ex(hash, EVP_sha256(), nullptr);
  EVP_DigestUpdate(hash, settings.scope.data(), settings.scope.size());
  for (const auto* one : chosen) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> leaf{};
    unsigned int leaf_length = 0;
    X509_digest(one->leaf.get(), EVP_sha256(), leaf.data(), &leaf_length);
    EVP_DigestUpdate(hash, leaf.data(), leaf_length);
  }
  EVP_DigestFinal_ex(hash, digest.data(), &length);
  EVP_MD_CTX_free(hash);
  SSL_CTX_set_session_id_context(context, digest.data(), length);
}

/// Puts certificates into identities and files these under their names.
class IdentityBuilder {
 public:
  IdentityBuilder(const TlsServerSettings& settings, const std::vector<LoadedCertificate>& loaded,
                  TlsContext::Handles& into)
      : settings_(settings), loaded_(loaded), into_(into) {}

  Result<void> build() {
    if (auto made = identity_of(default_choice()); !made) return tl::unexpected(made.error());
    for (const auto& one : loaded_) {
      for (const auto& name : one.facts.names) {
        auto made = identity_of(choice_for(name));
        if (!made) return tl::unexpected(made.error());
        into_.by_name.try_emplace(name, *made);
      }
    }
    return {};
  }

 private:
  static bool names_cover(const LoadedCertificate& one, std::string_view name) {
    return std::ranges::any_of(one.facts.names,
                               [name](const std::string& own) { return name_covers(own, name); });
  }

  /// For each type of key the first certificate that fits, those first that carry the name itself.
  template <typename Fits>
  void add_fitting(Chosen& chosen, Fits fits) const {
    for (const auto& one : loaded_) {
      const auto same_type = [&one](const LoadedCertificate* other) {
        return EVP_PKEY_get_base_id(other->key.get()) == EVP_PKEY_get_base_id(one.key.get());
      };
      if (fits(one) && std::ranges::none_of(chosen, same_type)) chosen.push_back(&one);
    }
  }

  Chosen choice_for(const std::string& name) const {
    Chosen chosen;
    add_fitting(chosen, [&](const LoadedCertificate& one) {
      return std::ranges::find(one.facts.names, name) != one.facts.names.end();
    });
    add_fitting(chosen, [&](const LoadedCertificate& one) { return names_cover(one, name); });
    return chosen;
  }

  /// The first certificate, and those of other key types that can stand for it everywhere.
  Chosen default_choice() const {
    Chosen chosen = {&loaded_.front()};
    if (loaded_.front().facts.names.empty()) return chosen;
    add_fitting(chosen, [&](const LoadedCertificate& one) {
      return std::ranges::all_of(loaded_.front().facts.names,
                                 [&one](const std::string& name) { return names_cover(one, name); });
    });
    return chosen;
  }

  Result<const TlsIdentity*> identity_of(const Chosen& chosen) {
    if (const auto found = made_.find(chosen); found != made_.end()) return found->second;
    auto identity = std::make_unique<TlsIdentity>();
    identity->context = make_context(TLS_server_method(), settings_.profile);
    SSL_CTX* const context = identity->context.get();
    for (const auto* one : chosen) {
      if (auto used = use_certificate(context, *one); !used) return tl::unexpected(used.error());
      identity->names.insert(identity->names.end(), one->facts.names.begin(), one->facts.names.end());
    }
    SSL_CTX_set_client_hello_cb(context, on_client_hello, nullptr);
    SSL_CTX_set_tlsext_servername_callback(context, acknowledge_name);
    SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
    use_ticket_keys(context);
    bind_sessions(context, settings_, chosen);
    into_.identities.push_back(std::move(identity));
    return made_[chosen] = into_.identities.back().get();
  }

  const TlsServerSettings& settings_;
  const std::vector<LoadedCertificate>& loaded_;
  TlsContext::Handles& into_;
  std::map<Chosen, const TlsIdentity*> made_;
};

}  // namespace

bool TlsIdentity::covers(std::string_view host) const {
  return std::ranges::any_of(names, [host](const std::string& name) { return name_covers(name, host); });
}

const TlsIdentity* TlsContext::Handles::find(std::string_view host) const {
  if (const auto exact = by_name.find(host); exact != by_name.end()) return exact->second;
  const auto dot = host.find('.');
  if (dot == std::string_view::npos || dot == 0) return nullptr;
  const auto wildcard = by_name.find("*" + std::string(host.substr(dot)));
  return wildcard == by_name.end() ? nullptr : wildcard->second;
}

TlsContext::TlsContext(std::unique_ptr<Handles> handles) : handles_(std::move(handles)) {}
TlsContext::~TlsContext() = default;

Result<std::shared_ptr<const TlsContext>> TlsContext::for_server(const TlsServerSettings& settings,
                                                                 std::shared_ptr<TlsShared> shared) {
  std::vector<LoadedCertificate> loaded;
  for (const auto& files : settings.certificates) {
    auto one = load_certificate(files);
    if (!one) return tl::unexpected(one.error());
    loaded.push_back(std::move(*one));
  }
  if (loaded.empty()) return failure(ErrorKind::Invalid, "a TLS listener needs a certificate");
  auto handles = std::make_unique<Handles>();
  handles->shared = std::move(shared);
  handles->handshake_timeout = settings.handshake_timeout;
  if (auto built = IdentityBuilder(settings, loaded, *handles).build(); !built) {
    return tl::unexpected(built.error());
  }
  return std::shared_ptr<const TlsContext>(new TlsContext(std::move(handles)));
}

Result<std::shared_ptr<const TlsContext>> TlsContext::for_client(const TlsClientSettings& settings) {
  auto handles = std::make_unique<Handles>();
  auto identity = std::make_unique<TlsIdentity>();
  identity->context = make_context(TLS_client_method(), TlsProfile::Intermediate);
  SSL_CTX* const context = identity->context.get();
  const bool own = !settings.trusted.empty();
  const int loaded = own ? SSL_CTX_load_verify_file(context, settings.trusted.c_str())
                         : SSL_CTX_set_default_verify_paths(context);
  if (loaded != 1) {
    const auto from = own ? settings.trusted.string() : std::string("the system");
    return failure(ErrorKind::Io,
                   "cannot load the trusted certificates of " + from + ": " + openssl_reason());
  }
  SSL_CTX_set_verify(context, settings.verify ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
  if (!settings.own.certificate.empty()) {
    auto own_certificate = load_certificate(settings.own);
    if (!own_certificate) return tl::unexpected(own_certificate.error());
    if (auto used = use_certificate(context, *own_certificate); !used) return tl::unexpected(used.error());
  }
  keep_sessions(context);
  handles->sessions = std::make_unique<TlsSessionStore>();
  handles->identities.push_back(std::move(identity));
  return std::shared_ptr<const TlsContext>(new TlsContext(std::move(handles)));
}

}  // namespace portvakt::net
