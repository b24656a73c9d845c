#include "proxy/base/crypto.h"

#include <cstdint>
#include <cstdlib>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

namespace portvakt::crypto {
namespace {

const unsigned char* as_bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* as_bytes(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

}  // namespace

std::string hmac_sha256(std::string_view key, std::string_view message) {
  std::string out(SHA256_DIGEST_LENGTH, '\0');
  unsigned int length = 0;
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), as_bytes(message), message.size(),
           as_bytes(out), &length) == nullptr) {
    std::abort();
  }
  return out;
}

std::string sha256(std::string_view message) {
  std::string out(SHA256_DIGEST_LENGTH, '\0');
  SHA256(as_bytes(message), message.size(), as_bytes(out));
  return out;
}

std::string base64(std::string_view bytes) {
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int length = EVP_EncodeBlock(as_bytes(out), as_bytes(bytes), static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(length));
  return out;
}

std::string random_bytes(std::size_t count) {
  std::string out(count, '\0');
  if (RAND_bytes(as_bytes(out), static_cast<int>(count)) != 1) std::abort();
  return out;
}

std::string scrypt(std::string_view password, std::string_view salt, unsigned log_n) {
  std::string out(32, '\0');
  constexpr std::uint64_t kMemory = std::uint64_t{1} << 30;
  if (EVP_PBE_scrypt(password.data(), password.size(), as_bytes(salt), salt.size(), std::uint64_t{1} << log_n,
                     8, 1, kMemory, as_bytes(out), out.size()) != 1) {
    std::abort();
  }
  return out;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace portvakt::crypto
