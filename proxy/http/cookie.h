// Cookies as browsers and servers read them (RFC 6265bis sections 5.6 and 5.8), for whoever filters them:
// every pair is kept as it was written, so that what is left over goes on byte for byte. Not a cookie jar,
// and no judgement. Views point into the text that was given. No state; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/http/header_map.h"

namespace portvakt::http {

inline constexpr std::size_t kMaxCookieBytes = 4096;  // name and value of one Set-Cookie, as browsers allow
inline constexpr std::size_t kMaxCookieAttributeBytes =
    1024;  // longer attributes are ignored, as browsers do

/// One pair of a request's `Cookie`.
struct Cookie {
  std::string_view name;   // empty for a cookie without a name
  std::string_view value;  // quotes are part of it
  std::string_view text;   // the pair as written, without the white space around it
};

/// The pairs of one `Cookie` value in order. Only `;` separates, also inside quotes: that is how browsers
/// write, and a reader who sees fewer cookies than another lets one slip by. Text without `=` is a nameless
/// cookie. No pair is ever left out; white space alone is none.
std::vector<Cookie> parse_cookies(std::string_view field_value);

/// `a=b; c=d`, from the pairs as written.
std::string join_cookies(const std::vector<Cookie>& cookies);

/// The values under a name (which is case-sensitive) in all Cookie fields.
std::vector<std::string_view> find_cookies(const HeaderMap& headers, std::string_view name);

/// Cuts cookies out of all Cookie fields; nothing else is touched, and a message without any to drop stays as
/// it is. What remains becomes one field (HTTP/2 may bring several; RFC 9113 section 8.2.3), or none.
template <typename Drop>
std::size_t remove_cookies(HeaderMap& headers, Drop drop) {
  std::vector<Cookie> kept;
  std::size_t dropped = 0;
  for (const auto field : headers.all("Cookie")) {
    for (const auto& cookie : parse_cookies(field)) {
      if (drop(cookie)) {
        ++dropped;
      } else {
        kept.push_back(cookie);
      }
    }
  }
  if (dropped == 0) return 0;
  if (kept.empty()) {
    headers.remove("Cookie");
  } else {
    headers.set("Cookie", join_cookies(kept));
  }
  return dropped;
}

/// One `Set-Cookie` field.
struct SetCookie {
  struct Attribute {
    std::string_view name;
    std::string_view value;
  };

  std::string_view name;
  std::string_view value;
  std::vector<Attribute> attributes;  // all, in order, also unknown and repeated ones

  /// The last one of that name, as browsers take it; case does not matter.
  std::optional<std::string_view> find(std::string_view attribute) const;
  bool has(std::string_view attribute) const { return find(attribute).has_value(); }

  /// Without the leading full stop; empty for a host-only cookie.
  std::string_view domain() const;
  /// Empty unless it begins with a slash: the browser then takes the request's own.
  std::string_view path() const;
  /// Seconds; zero or less expires the cookie. Empty if absent or no number.
  std::optional<std::int64_t> max_age() const;
};

/// Empty when a browser would ignore the whole field: control characters, nothing in it, or too long.
std::optional<SetCookie> parse_set_cookie(std::string_view field_value);

}  // namespace portvakt::http
