// Makes a browser forget a cookie. Nobody can see with which Domain a cookie was set, so it is expired on
// every one that this host may set (RFC 6265bis section 5.7): the host alone, and each parent up to the
// registrable domain. Immutable.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace portvakt::cookies {

/// Of one request: more would make heads that servers in between refuse.
inline constexpr std::size_t kMaxExpiredCookies = 24;

class CookieExpiry {
 public:
  /// `authority` is the host that the browser asked, port included. `secure`: it asked by TLS, so that
  /// cookies marked Secure can be overwritten.
  CookieExpiry(std::string_view authority, bool secure);

  /// Adds the `Set-Cookie` values that expire `name`.
  void append_to(std::vector<std::string>& set_cookies, std::string_view name) const;

 private:
  std::vector<std::string> domains_;
  std::string suffix_;
};

}  // namespace portvakt::cookies
