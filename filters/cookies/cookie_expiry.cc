#include "filters/cookies/cookie_expiry.h"

#include "filters/tags/same_site.h"
#include "proxy/base/address.h"
#include "proxy/base/ascii.h"

namespace portvakt::cookies {
namespace {

constexpr std::size_t kMaxDomains = 5;

std::string host_of(std::string_view authority) {
  // An IPv6 literal's colons are inside its brackets, and it has no parent domains anyway.
  if (authority.starts_with('[')) return {};
  std::string host = ascii::lower(authority.substr(0, authority.find(':')));
  while (host.ends_with('.')) host.pop_back();
  return host;
}

/// The host and its parents as far as browsers let it set cookies for them; none for addresses and single
/// labels.
std::vector<std::string> cookie_domains(std::string_view authority) {
  std::vector<std::string> domains;
  const std::string host = host_of(authority);
  if (host.find('.') == std::string::npos || IpAddress::parse(host)) return domains;
  std::string_view domain = host;
  while (domains.size() < kMaxDomains && tags::is_same_site(domain, host)) {
    domains.emplace_back(domain);
    const auto dot = domain.find('.');
    if (dot == std::string_view::npos) break;
    domain.remove_prefix(dot + 1);
    if (domain.find('.') == std::string_view::npos) break;
  }
  return domains;
}

}  // namespace

CookieExpiry::CookieExpiry(std::string_view authority, bool secure)
    : domains_(cookie_domains(authority)),
      // Max-Age is what counts; Expires is for clients that know nothing else.
      suffix_(secure ? "; Path=/; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Secure"
                     : "; Path=/; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT") {}

void CookieExpiry::append_to(std::vector<std::string>& set_cookies, std::string_view name) const {
  const std::string pair = std::string(name) + "=";
  set_cookies.push_back(pair + suffix_);
  // A browser refuses a `__Host-` cookie with a Domain, also to expire it.
  if (ascii::istarts_with(name, "__Host-")) return;
  for (const auto& domain : domains_) set_cookies.push_back(pair + suffix_ + "; Domain=" + domain);
}

}  // namespace portvakt::cookies
