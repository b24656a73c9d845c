// Cookie and Set-Cookie fields from anywhere: no pair is lost or made up, and views stay inside the input.
#include <cstdlib>

#include "proxy/http/cookie.h"

namespace {

using portvakt::http::Cookie;

void require(bool held) {
  if (!held) std::abort();
}

bool inside(std::string_view part, std::string_view whole) {
  return part.empty() ||
         (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(bytes), size);
  const auto cookies = portvakt::http::parse_cookies(input);
  for (const auto& cookie : cookies) require(inside(cookie.text, input) && inside(cookie.value, cookie.text));
  const auto joined = portvakt::http::join_cookies(cookies);
  require(portvakt::http::join_cookies(portvakt::http::parse_cookies(joined)) == joined);

  portvakt::http::HeaderMap headers;
  headers.add("Cookie", input);
  portvakt::http::remove_cookies(headers, [](const Cookie& cookie) { return cookie.name == "a"; });
  require(portvakt::http::find_cookies(headers, "a").empty());

  if (const auto set = portvakt::http::parse_set_cookie(input)) {
    require(inside(set->name, input) && inside(set->value, input));
    require(inside(set->domain(), input) && inside(set->path(), input));
    set->max_age();
  }
  return 0;
}
