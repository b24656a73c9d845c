#include "filters/consent/device_code.h"

#include "proxy/base/ascii.h"
#include "proxy/base/crypto.h"

namespace portvakt::consent {
namespace {

constexpr std::string_view kCrockford = "0123456789abcdefghjkmnpqrstvwxyz";
constexpr std::string_view kBase32 = "abcdefghijklmnopqrstuvwxyz234567";
constexpr std::size_t kCodeSize = 12;
constexpr std::size_t kNumberSize = 16;
constexpr std::size_t kGroup = 4;
constexpr std::size_t kPlaceBytes = 18;

std::string random_text(std::string_view alphabet, std::size_t size) {
  std::string out;
  for (const char byte : crypto::random_bytes(size))
    out.push_back(alphabet[static_cast<unsigned char>(byte) & 31U]);
  return out;
}

std::string in_groups(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i > 0 && i % kGroup == 0) out.push_back('-');
    out.push_back(text[i]);
  }
  return out;
}

}  // namespace

std::string make_device_code() {
  return in_groups(random_text(kCrockford, kCodeSize));
}

std::optional<std::string> read_device_code(std::string_view typed) {
  std::string code;
  for (char c : ascii::lower(typed)) {
    if (c == ' ' || c == '-') continue;
    if (c == 'o') c = '0';
    if (c == 'i' || c == 'l') c = '1';
    if (kCrockford.find(c) == std::string_view::npos || code.size() == kCodeSize) return std::nullopt;
    code.push_back(c);
  }
  if (code.size() != kCodeSize) return std::nullopt;
  return code;
}

std::string make_request_number() {
  return random_text(kBase32, kNumberSize);
}

std::string show_request_number(std::string_view number) {
  return in_groups(number);
}

std::string read_request_number(std::string_view typed) {
  std::string number;
  for (const char c : ascii::lower(typed)) {
    if (kBase32.find(c) != std::string_view::npos) number.push_back(c);
  }
  return number.size() == kNumberSize ? number : std::string();
}

DeviceCodeSeal::DeviceCodeSeal(const ConsentSettings& settings)
    : label_(settings.site), secret_(settings.keys.front().secret) {}

std::string DeviceCodeSeal::place(std::string_view code) const {
  const auto text =
      std::string("portvakt code place").append(1, '\0').append(label_).append(1, '\0').append(code);
  return ascii::base64url(std::string_view(crypto::hmac_sha256(secret_, text)).substr(0, kPlaceBytes));
}

/// A stream that is used once, because a code is: HMAC in counter mode.
std::string DeviceCodeSeal::stream(std::string_view code, std::size_t bytes) const {
  std::string out;
  for (unsigned char block = 0; out.size() < bytes; ++block) {
    auto text = std::string("portvakt code seal").append(1, '\0').append(label_).append(1, '\0').append(code);
    text.append(1, '\0').append(1, static_cast<char>(block));
    out += crypto::hmac_sha256(secret_, text);
  }
  out.resize(bytes);
  return out;
}

std::string DeviceCodeSeal::seal(std::string_view code, std::string_view text) const {
  std::string out = stream(code, text.size());
  for (std::size_t i = 0; i < text.size(); ++i) out[i] = static_cast<char>(out[i] ^ text[i]);
  return ascii::base64url(out);
}

std::optional<std::string> DeviceCodeSeal::open(std::string_view code, std::string_view sealed) const {
  auto bytes = ascii::parse_base64url(sealed);
  if (!bytes) return std::nullopt;
  const auto mask = stream(code, bytes->size());
  for (std::size_t i = 0; i < bytes->size(); ++i) (*bytes)[i] = static_cast<char>((*bytes)[i] ^ mask[i]);
  return bytes;
}

}  // namespace portvakt::consent
