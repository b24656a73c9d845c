#include "filters/cookies/cookie_expiry.h"

#include <gtest/gtest.h>

namespace portvakt::cookies {
namespace {

/// The domains on which a cookie is expired; `-` stands for the host alone.
std::string domains_of(std::string_view authority, std::string_view name = "a") {
  std::vector<std::string> set_cookies;
  CookieExpiry(authority, false).append_to(set_cookies, name);
  std::string out;
  for (const auto& value : set_cookies) {
    const auto at = value.find("; Domain=");
    out += (out.empty() ? "" : " ") + (at == std::string::npos ? "-" : value.substr(at + 9));
  }
  return out;
}

TEST(CookieExpiry, ReachesEveryDomainThatTheHostMaySetCookiesFor) {
  EXPECT_EQ(domains_of("example.no"), "- example.no");
  EXPECT_EQ(domains_of("WWW.Example.no:8080"), "- www.example.no example.no");
  EXPECT_EQ(domains_of("a.b.example.co.uk."), "- a.b.example.co.uk b.example.co.uk example.co.uk");
}

TEST(CookieExpiry, NamesNoDomainForAddressesAndSingleLabels) {
  EXPECT_EQ(domains_of("192.0.2.1:80"), "-");
  EXPECT_EQ(domains_of("[2001:db8::1]:80"), "-");
  EXPECT_EQ(domains_of("localhost"), "-");
  EXPECT_EQ(domains_of(""), "-");
}

TEST(CookieExpiry, NamesNoDomainForAHostCookie) {
  EXPECT_EQ(domains_of("www.example.no", "__Host-id"), "-");
}

}  // namespace
}  // namespace portvakt::cookies
