#include "filters/consent/consent_cookie.h"

#include <algorithm>
#include <array>

#include "proxy/base/ascii.h"
#include "proxy/base/crypto.h"
#include "proxy/http/cookie.h"

namespace portvakt::consent {
namespace {

constexpr std::size_t kFields = 9;
constexpr std::size_t kCode = 4;
constexpr std::size_t kVisitorId = 22;
constexpr std::size_t kSignatureBytes = 16;
constexpr std::size_t kMaxDomains = 8;
/// Later than any date of use, and far from where arithmetic on milliseconds would overflow.
constexpr std::uint64_t kLastSecond = 99'999'999'999;

/// `bytes` of a text's hash in base64url.
std::string short_hash(std::string_view text, std::size_t bytes) {
  return ascii::base64url(std::string_view(crypto::sha256(text)).substr(0, bytes));
}

/// The host and its parents, as far as a browser may keep a cookie for them.
std::vector<std::string_view> domains_above(std::string_view authority) {
  std::vector<std::string_view> domains;
  auto host = authority.substr(0, authority.find(':'));
  for (; host.find('.') != std::string_view::npos && domains.size() < kMaxDomains;
       host.remove_prefix(host.find('.') + 1)) {
    domains.push_back(host);
  }
  return domains;
}

std::string purpose_code(const filters::PurposeNames& names, filters::Purpose purpose) {
  switch (purpose) {
    case filters::kFunctional:
      return "f";
    case filters::kAnalytics:
      return "a";
    case filters::kMarketing:
      return "m";
    default:
      return "_" + short_hash(names.name(purpose), 3);
  }
}

/// Exactly kFields parts between full stops.
std::optional<std::array<std::string_view, kFields>> split_fields(std::string_view text) {
  std::array<std::string_view, kFields> fields;
  for (std::size_t i = 0; i < kFields; ++i) {
    const auto stop = text.find('.');
    if ((stop == std::string_view::npos) != (i + 1 == kFields)) return std::nullopt;
    fields[i] = text.substr(0, stop);
    text.remove_prefix(std::min(text.size(), fields[i].size() + 1));
  }
  return fields;
}

/// A sign is taken off the front of `text`.
std::optional<bool> take_sign(std::string_view& text) {
  if (text.empty() || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  const bool granted = text[0] == '+';
  text.remove_prefix(1);
  return granted;
}

std::string_view take(std::string_view& text, std::size_t count) {
  const auto part = text.substr(0, count);
  text.remove_prefix(part.size());
  return part;
}

}  // namespace

ConsentCookie::ConsentCookie(const ConsentSettings& settings)
    : site_(settings.site),
      policy_version_(settings.policy_version),
      policy_code_(short_hash(settings.policy_version, 6)),
      keys_(settings.keys),
      life_(settings.cookie_life),
      refused_life_(settings.refused_life),
      domain_(settings.cookie_domain) {
  for (const auto purpose : settings.offered) {
    purposes_.push_back({purpose_code(settings.names, purpose), purpose});
  }
  for (const auto& vendor : settings.vendors) vendors_.push_back({short_hash(vendor.id, 3), vendor.id});
}

std::string ConsentCookie::encode(const ConsentState& state) const {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(state.given_at).time_since_epoch().count();
  const SigningKey& key = keys_.front();
  std::string text = "1." + key.id + "." + write_purposes(state.granted) + "." + std::to_string(seconds) +
                     "." + policy_code_ + "." + (state.source == ConsentSource::Preferences ? "p." : "b.");
  if (state.grants(filters::kAnalytics)) text += state.visitor_id;
  text += "." + write_vendors(state);
  return text + "." + sign(key, text);
}

std::optional<ConsentState> ConsentCookie::decode(std::string_view value, WallTime now) const {
  if (value.size() + kConsentCookieName.size() + 1 > kMaxConsentCookie) return std::nullopt;
  const auto fields = split_fields(value);
  if (!fields) return std::nullopt;
  const auto& [version, key, purposes, time, policy, source, visitor, vendors, signature] = *fields;
  if (version != "1" || policy != policy_code_) return std::nullopt;
  const auto signed_text = value.substr(0, value.size() - signature.size() - 1);
  if (find_key(key, signed_text, signature) == nullptr) return std::nullopt;

  ConsentState state;
  const auto granted = read_purposes(purposes);
  const auto seconds = ascii::parse_uint(time);
  if (!granted || !seconds || *seconds > kLastSecond || !read_vendors(vendors, state)) return std::nullopt;
  state.granted = *granted;
  state.chosen = true;
  state.source = source == "p" ? ConsentSource::Preferences : ConsentSource::Banner;
  state.given_at = WallTime(std::chrono::seconds(*seconds));
  state.policy_version = policy_version_;
  // A site that no longer offers analytics has no use for the visitor's id.
  if (state.grants(filters::kAnalytics) && visitor.size() == kVisitorId) state.visitor_id = visitor;
  if (state.given_at > now + kClockSkew || now >= expiry(state)) return std::nullopt;
  return state;
}

std::optional<ConsentState> ConsentCookie::read(const http::HeaderMap& headers, WallTime now) const {
  const auto values = http::find_cookies(headers, kConsentCookieName);
  if (values.empty()) return std::nullopt;
  // A neighbour on another subdomain can put a second cookie beside ours; which of them the browser sends
  // first is the attacker's choice, so neither counts.
  if (!std::ranges::all_of(values, [&](std::string_view value) { return value == values.front(); })) {
    return std::nullopt;
  }
  return decode(values.front(), now);
}

std::string ConsentCookie::set_cookie(const ConsentState& state, Transport transport) const {
  std::string out(kConsentCookieName);
  out += "=" + encode(state) + "; Path=/; Max-Age=" + std::to_string(life_of(state).count()) +
         "; HttpOnly; SameSite=Lax";
  if (transport == Transport::Tls) out += "; Secure";
  if (!domain_.empty()) out += "; Domain=" + domain_;
  return out;
}

std::vector<std::string> ConsentCookie::set_cookies(const ConsentState& state, Transport transport,
                                                    const http::RequestHead& request) const {
  std::vector<std::string> out;
  const bool several = http::find_cookies(request.headers, kConsentCookieName).size() > 1;
  const std::string ended = std::string(kConsentCookieName) + "=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax" +
                            (transport == Transport::Tls ? "; Secure" : "");
  if (several || !domain_.empty()) out.push_back(ended);
  if (several) {
    for (const auto domain : domains_above(request.authority))
      out.push_back(ended + "; Domain=" + std::string(domain));
  }
  out.push_back(set_cookie(state, transport));
  return out;
}

std::chrono::seconds ConsentCookie::life_of(const ConsentState& state) const {
  return state.granted.only_necessary() && state.vendors_granted.empty() ? refused_life_ : life_;
}

WallTime ConsentCookie::expiry(const ConsentState& state) const {
  return state.given_at + life_of(state);
}

std::string ConsentCookie::sign(const SigningKey& key, std::string_view text) const {
  // The label keeps these signatures apart from anything else that the key may ever sign.
  std::string message = "portvakt consent cookie 1";
  message.push_back('\0');
  message += site_;
  message.push_back('\0');
  message += text;
  return ascii::base64url(crypto::hmac_sha256(key.secret, message).substr(0, kSignatureBytes));
}

const SigningKey* ConsentCookie::find_key(std::string_view id, std::string_view text,
                                          std::string_view signature) const {
  for (const auto& key : keys_) {
    if (key.id == id && crypto::equal_in_constant_time(sign(key, text), signature)) return &key;
  }
  return nullptr;
}

std::string ConsentCookie::write_purposes(filters::PurposeSet granted) const {
  std::string out;
  for (const auto& [code, purpose] : purposes_) out += (granted.has(purpose) ? "+" : "-") + code;
  return out;
}

/// Empty when a purpose that is offered now was not asked for then. Purposes no longer offered are passed
/// over.
std::optional<filters::PurposeSet> ConsentCookie::read_purposes(std::string_view text) const {
  filters::PurposeSet granted;
  filters::PurposeSet answered;
  while (!text.empty()) {
    const auto sign = take_sign(text);
    if (!sign || text.empty()) return std::nullopt;
    const auto code = take(text, text[0] == '_' ? 1 + kCode : 1);
    for (const auto& named : purposes_) {
      if (named.code != code) continue;
      answered.add(named.purpose);
      if (*sign) granted.add(named.purpose);
    }
  }
  for (const auto& named : purposes_) {
    if (!answered.has(named.purpose)) return std::nullopt;
  }
  return granted;
}

std::string ConsentCookie::write_vendors(const ConsentState& state) const {
  std::string out;
  std::size_t room = kMaxVendorChoices;
  const auto write = [&](const std::vector<std::string>& ids, char sign) {
    for (const auto& id : ids) {
      if (room == 0) return;
      --room;
      out += sign + short_hash(id, 3);
    }
  };
  write(state.vendors_refused, '-');
  write(state.vendors_granted, '+');
  return out;
}

/// Vendors that the site no longer has are passed over.
bool ConsentCookie::read_vendors(std::string_view text, ConsentState& state) const {
  while (!text.empty()) {
    const auto sign = take_sign(text);
    if (!sign || text.size() < kCode) return false;
    const auto code = take(text, kCode);
    for (const auto& vendor : vendors_) {
      if (vendor.code != code) continue;
      (*sign ? state.vendors_granted : state.vendors_refused).push_back(vendor.id);
      break;
    }
  }
  return true;
}

}  // namespace portvakt::consent
