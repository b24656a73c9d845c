// The server's first look at a handshake: which name the client asks for, and what answers to it.
#include <openssl/ssl.h>

#include "proxy/base/ascii.h"
#include "proxy/net/tls_handles.h"

namespace portvakt::net {
namespace {

constexpr std::size_t kLongestName = 253;

int peer_index() {
  static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

std::size_t number_at(std::string_view bytes, std::size_t at) {
  return static_cast<std::size_t>(static_cast<unsigned char>(bytes[at])) << 8 |
         static_cast<unsigned char>(bytes[at + 1]);
}

/// RFC 6066 section 3: a list (two bytes of length) of one entry, type 0, two bytes of length. What is not
/// exactly that is left to OpenSSL, which ends the handshake.
std::string_view server_name(SSL* ssl) {
  const unsigned char* data = nullptr;
  std::size_t length = 0;
  if (SSL_client_hello_get0_ext(ssl, TLSEXT_TYPE_server_name, &data, &length) != 1) return {};
  const std::string_view bytes(reinterpret_cast<const char*>(data), length);
  if (bytes.size() <= 5 || number_at(bytes, 0) != bytes.size() - 2 || bytes[2] != 0) return {};
  const auto name = bytes.substr(5);
  if (number_at(bytes, 3) != name.size() || name.size() > kLongestName) return {};
  return name;
}

}  // namespace

void attach_peer(SSL* ssl, TlsPeer& peer) {
  SSL_set_ex_data(ssl, peer_index(), &peer);
}

TlsPeer& peer_of(const SSL* ssl) {
  return *static_cast<TlsPeer*>(SSL_get_ex_data(ssl, peer_index()));
}

int on_client_hello(SSL* ssl, int*, void*) {
  TlsPeer& peer = peer_of(ssl);
  peer.name = ascii::lower(server_name(ssl));
  if (peer.name.ends_with('.')) peer.name.pop_back();
  const TlsIdentity* found = peer.handles->find(peer.name);
  peer.identity = found != nullptr ? found : peer.handles->identities.front().get();
  SSL_set_SSL_CTX(ssl, peer.identity->context.get());
  return SSL_CLIENT_HELLO_SUCCESS;
}

}  // namespace portvakt::net
