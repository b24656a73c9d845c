#include "filters/consent/frozen_cookie.h"

#include "filters/consent/consent_cookie.h"
#include "proxy/base/ascii.h"
#include "proxy/base/crypto.h"
#include "proxy/http/cookie.h"

namespace portvakt::consent {
namespace {

constexpr std::size_t kVisitorId = 22;
constexpr std::size_t kSignatureBytes = 16;
constexpr std::uint64_t kLastSecond = 99'999'999'999;

}  // namespace

FrozenCookie::FrozenCookie(const ConsentSettings& settings)
    : site_(settings.site), path_(settings.path), keys_(settings.keys), life_(settings.cookie_life) {}

std::string FrozenCookie::sign(const SigningKey& key, std::string_view text) const {
  const auto message =
      std::string("portvakt frozen").append(1, '\0').append(site_).append(1, '\0').append(text);
  return ascii::base64url(
      std::string_view(crypto::hmac_sha256(key.secret, message)).substr(0, kSignatureBytes));
}

std::string FrozenCookie::encode(const FrozenVisitor& frozen) const {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(frozen.since).time_since_epoch().count();
  const auto& key = keys_.front();
  const auto text = "1." + key.id + "." + std::to_string(seconds) + "." + frozen.id;
  return text + "." + sign(key, text);
}

std::optional<FrozenVisitor> FrozenCookie::decode(std::string_view value, WallTime now) const {
  const auto parts = ascii::split(value, '.');
  if (parts.size() != 5 || parts[0] != "1" || parts[3].size() != kVisitorId) return std::nullopt;
  const auto text = value.substr(0, value.size() - parts[4].size() - 1);
  bool good = false;
  for (const auto& key : keys_)
    good = good || (key.id == parts[1] && crypto::equal_in_constant_time(sign(key, text), parts[4]));
  const auto seconds = ascii::parse_uint(parts[2]);
  if (!good || !seconds || *seconds > kLastSecond) return std::nullopt;
  FrozenVisitor frozen{std::string(parts[3]), WallTime{std::chrono::seconds(*seconds)}};
  if (frozen.since > now + kClockSkew || now >= frozen.since + life_) return std::nullopt;
  return frozen;
}

std::optional<FrozenVisitor> FrozenCookie::read(const http::HeaderMap& headers, WallTime now) const {
  const auto values = http::find_cookies(headers, kFrozenCookieName);
  if (values.size() != 1) return std::nullopt;
  return decode(values.front(), now);
}

std::string FrozenCookie::attributes(std::chrono::seconds life, bool tls) const {
  std::string out =
      "; Path=" + path_ + "; Max-Age=" + std::to_string(life.count()) + "; HttpOnly; SameSite=Lax";
  if (tls) out += "; Secure";
  return out;
}

std::string FrozenCookie::set_cookie(const FrozenVisitor& frozen, bool tls) const {
  std::string field(kFrozenCookieName);
  field += '=';
  return field.append(encode(frozen)).append(attributes(life_, tls));
}

std::string FrozenCookie::expire(bool tls) const {
  std::string field(kFrozenCookieName);
  field += '=';
  return field.append(attributes(std::chrono::seconds{0}, tls));
}

}  // namespace portvakt::consent
