// The consent state as a signed cookie that the visitor's browser keeps: nothing about a visitor is stored
// here. A value that does not verify, has expired, belongs to another site, was given under another policy
// version, comes from the future or leaves a purpose now offered unanswered is no choice at all. Const; any
// thread.
//
// Format, at most 256 bytes with its name; fields separated by full stops, all always present:
//   1 . KEY . PURPOSES . TIME . POLICY . SOURCE . VISITOR . VENDORS . SIGNATURE
//   1          version of this format
//   KEY        SigningKey::id, 4 characters
//   PURPOSES   one sign (`+` granted, `-` refused) and one name for every purpose that was asked for. Names
//   are
//              `f`, `a`, `m` for the fixed purposes, and for a site's own `_` and 4 characters of its name's
//              hash: by name, so that adding or reordering purposes in the configuration changes nobody's
//              answer
//   TIME       of the choice, seconds since 1970, decimal; whole minutes unless analytics was granted
//   POLICY     8 characters of the hash of the policy version
//   SOURCE     b (banner) or p (preferences page)
//   VISITOR    22 characters, or empty: only with analytics
//   VENDORS    a sign and 4 characters of the hash of the vendor's id, for vendors decided apart
//   SIGNATURE  first 128 bits of HMAC-SHA-256 over a fixed label, the site's name and all before the
//   signature
// Hashes are SHA-256, cut; text is base64url without padding.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "filters/consent/consent_settings.h"
#include "filters/consent/consent_state.h"
#include "proxy/http/header_map.h"
#include "proxy/http/message.h"

namespace portvakt::consent {

inline constexpr std::string_view kConsentCookieName = "portvakt";
inline constexpr std::size_t kMaxConsentCookie = 256;  // name, equals sign and value
inline constexpr std::size_t kMaxVendorChoices = 12;
inline constexpr std::chrono::minutes kClockSkew{5};

class ConsentCookie {
 public:
  /// Takes what it needs of the settings.
  explicit ConsentCookie(const ConsentSettings& settings);

  /// The cookie's value for a state that was chosen. At most kMaxVendorChoices vendors are kept, refused ones
  /// first.
  std::string encode(const ConsentState& state) const;
  std::optional<ConsentState> decode(std::string_view value, WallTime now) const;
  /// From a request's Cookie fields. Two values under the name are none.
  std::optional<ConsentState> read(const http::HeaderMap& headers, WallTime now) const;

  enum class Transport : bool { Plain, Tls };
  /// A whole Set-Cookie value.
  std::string set_cookie(const ConsentState& state, Transport transport) const;
  /// Set-Cookie values in the order that they need: where the request came with several cookies of our name,
  /// or one may be left from before a domain was configured, all that could stand beside the new one end
  /// first.
  std::vector<std::string> set_cookies(const ConsentState& state, Transport transport,
                                       const http::RequestHead& request) const;
  /// When a choice lapses.
  WallTime expiry(const ConsentState& state) const;

 private:
  std::chrono::seconds life_of(const ConsentState& state) const;
  std::string sign(const SigningKey& key, std::string_view text) const;
  const SigningKey* find_key(std::string_view id, std::string_view text, std::string_view signature) const;
  std::string write_purposes(filters::PurposeSet granted) const;
  std::optional<filters::PurposeSet> read_purposes(std::string_view text) const;
  std::string write_vendors(const ConsentState& state) const;
  bool read_vendors(std::string_view text, ConsentState& state) const;

  struct Named {
    std::string code;
    filters::Purpose purpose;
  };
  struct NamedVendor {
    std::string code;
    std::string id;
  };
  std::string site_;
  std::string policy_version_;
  std::string policy_code_;
  std::vector<Named> purposes_;  // offered, in the order of their codes' first writing
  std::vector<NamedVendor> vendors_;
  std::vector<SigningKey> keys_;
  std::chrono::seconds life_;          // of a yes
  std::chrono::seconds refused_life_;  // of a no
  std::string domain_;
};

}  // namespace portvakt::consent
