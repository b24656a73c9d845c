#include "filters/cookies/cookie_filter.h"

#include <string>
#include <string_view>
#include <vector>

#include "filters/cookies/cookie_expiry.h"
#include "proxy/base/ascii.h"
#include "proxy/http/cookie.h"
#include "proxy/http/fetch_metadata.h"

namespace portvakt::cookies {
namespace {

/// The client's scheme; behind a proxy that ends TLS the connection's own does not tell. The visitor filter
/// has made sure that the field is not a client's invention.
bool is_secure(const filters::RequestContext& context) {
  return context.tls || context.head.headers.find("x-forwarded-proto") == "https";
}

}  // namespace

filters::Step CookieFilter::on_request(filters::RequestContext& context) const {
  http::RequestHead& head = context.head;
  filters::Notes& notes = context.notes;
  std::vector<std::string> held;
  // Documents are enough for the inventory: the same cookies come with every file.
  const bool document = http::asks_for_document(head);
  http::remove_cookies(head.headers, [&](const http::Cookie& cookie) {
    const auto missing = settings_.policy.find_missing(cookie.name, notes.consent);
    if (document && !cookie.name.empty())
      notes.see(settings_.policy.describe(cookie.name, missing && !observes()));
    if (!missing) return false;
    ++notes.request_cookies_held[*missing];
    if (observes()) return false;
    if (held.size() < kMaxExpiredCookies) held.emplace_back(cookie.name);
    return true;
  });
  // A sensitive page does without them; it is no withdrawal.
  const bool lasting = document || notes.update_from;
  if (held.empty() || notes.sensitive || !lasting) return filters::Step::Continue;

  const CookieExpiry expiry(head.authority, is_secure(context));
  for (const auto& name : held) expiry.append_to(notes.set_cookies, name);
  return filters::Step::Continue;
}

/// A cookie that is set, with its lifetime; one that is expired is no sighting.
void CookieFilter::see_set(filters::Notes& notes, const http::SetCookie& cookie, bool held) const {
  const auto age = cookie.max_age();
  if (cookie.name.empty() || (age && *age <= 0)) return;
  auto sighting = settings_.policy.describe(cookie.name, held);
  if (age) {
    sighting.lifetime = *age;
  } else if (!cookie.has("expires")) {
    sighting.lifetime = 0;
  }
  notes.see(std::move(sighting));
}

Result<void> CookieFilter::on_response(filters::ResponseContext& context) const {
  filters::Notes& notes = context.notes;
  context.head.headers.remove_if([&](const http::HeaderMap::Field& field) {
    if (!ascii::iequals(field.name, "set-cookie")) return false;
    const auto cookie = http::parse_set_cookie(field.value);
    // Browsers ignore what we cannot read; one that does not must not get it either.
    if (!cookie) return !observes();
    const auto missing = settings_.policy.find_missing(cookie->name, notes.consent);
    see_set(notes, *cookie, missing && !observes());
    if (!missing) return false;
    ++notes.response_cookies_held[*missing];
    return !observes();
  });
  return {};
}

}  // namespace portvakt::cookies
