// A visitor id that is not in use: while a visitor's data is frozen, the consent cookie carries no id, so
// that no record can be linked, and the id waits here for the visitor to release or erase what is kept.
// Signed, and sent to the privacy pages alone. Const; any thread.
//
// `portvakt-frozen`: 1 . KEY . TIME . VISITOR . SIGNATURE, as in consent_cookie.h, under a label of its own.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "filters/consent/consent_settings.h"
#include "proxy/http/header_map.h"

namespace portvakt::consent {

inline constexpr std::string_view kFrozenCookieName = "portvakt-frozen";

struct FrozenVisitor {
  std::string id;
  WallTime since{};
};

class FrozenCookie {
 public:
  explicit FrozenCookie(const ConsentSettings& settings);

  std::string encode(const FrozenVisitor& frozen) const;
  std::optional<FrozenVisitor> decode(std::string_view value, WallTime now) const;
  /// Two values under the name are none.
  std::optional<FrozenVisitor> read(const http::HeaderMap& headers, WallTime now) const;
  /// Whole Set-Cookie values.
  std::string set_cookie(const FrozenVisitor& frozen, bool tls) const;
  std::string expire(bool tls) const;

 private:
  std::string sign(const SigningKey& key, std::string_view text) const;
  std::string attributes(std::chrono::seconds life, bool tls) const;

  std::string site_;
  std::string path_;
  std::vector<SigningKey> keys_;
  std::chrono::seconds life_;
};

}  // namespace portvakt::consent
