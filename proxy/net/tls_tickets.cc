#include "proxy/net/tls_tickets.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <cstdlib>

#include "proxy/net/tls_handles.h"

namespace portvakt::net {
namespace {

constexpr std::size_t kNameSize = 16;

template <std::size_t N>
void fill(std::array<unsigned char, N>& bytes) {
  // A guessable key would lay every session open.
  if (RAND_bytes(bytes.data(), static_cast<int>(N)) != 1) std::abort();
}

bool set_keys(const TicketKey& key, const unsigned char* iv, EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac,
              bool seal) {
  char digest[] = "SHA256";
  auto mac_key = key.mac;
  const std::array<OSSL_PARAM, 3> parameters = {
      OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, mac_key.data(), mac_key.size()),
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0), OSSL_PARAM_construct_end()};
  const bool done =
      EVP_CipherInit_ex(cipher, EVP_aes_256_cbc(), nullptr, key.cipher.data(), iv, seal ? 1 : 0) == 1 &&
      EVP_MAC_CTX_set_params(mac, parameters.data()) == 1;
  OPENSSL_cleanse(mac_key.data(), mac_key.size());
  return done;
}

/// The contract of SSL_CTX_set_tlsext_ticket_key_evp_cb: -1 ends the handshake, 0 asks for a full one, 1
/// goes on, 2 goes on and wants a new ticket.
int on_ticket(SSL* ssl, unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac,
              int seal) {
  TicketKeys& keys = peer_of(ssl).handles->shared->tickets;
  if (seal == 1) {
    const TicketKey key = keys.sealing();
    std::ranges::copy(key.name, name);
    if (RAND_bytes(iv, EVP_CIPHER_get_iv_length(EVP_aes_256_cbc())) != 1) return -1;
    return set_keys(key, iv, cipher, mac, true) ? 1 : -1;
  }
  const auto key = keys.opening({reinterpret_cast<const char*>(name), kNameSize});
  if (!key) return 0;
  if (!set_keys(*key, iv, cipher, mac, false)) return -1;
  return key->name == keys.sealing().name ? 1 : 2;
}

}  // namespace

TicketKey::TicketKey(SteadyTime now) : made(now) {
  fill(name);
  fill(cipher);
  fill(mac);
}

TicketKey::~TicketKey() {
  OPENSSL_cleanse(cipher.data(), cipher.size());
  OPENSSL_cleanse(mac.data(), mac.size());
}

void TicketKeys::rotate_at(SteadyTime now) {
  std::erase_if(keys_, [now](const TicketKey& key) { return now - key.made >= 2 * kPeriod; });
  if (keys_.empty() || now - keys_.front().made >= kPeriod) keys_.insert(keys_.begin(), TicketKey(now));
}

void TicketKeys::rotate() {
  const std::lock_guard held(lock_);
  rotate_at(clock_.steady());
}

TicketKey TicketKeys::sealing() {
  const std::lock_guard held(lock_);
  rotate_at(clock_.steady());
  return keys_.front();
}

std::optional<TicketKey> TicketKeys::opening(std::string_view name) {
  const std::lock_guard held(lock_);
  rotate_at(clock_.steady());
  const auto found = std::ranges::find_if(keys_, [name](const TicketKey& key) {
    return std::ranges::equal(key.name, name, {}, {}, [](char c) { return static_cast<unsigned char>(c); });
  });
  if (found == keys_.end()) return std::nullopt;
  return *found;
}

void use_ticket_keys(SSL_CTX* context) {
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_timeout(context, std::chrono::duration_cast<std::chrono::seconds>(TicketKeys::kPeriod).count());
  SSL_CTX_set_tlsext_ticket_key_evp_cb(context, on_ticket);
}

}  // namespace portvakt::net
