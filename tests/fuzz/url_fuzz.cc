// Any bytes as an address: no crash, and what is read once is read the same again.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "proxy/http/url.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace portvakt::http;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  static const ParsedUrl base = parse_url("https://www.example.test/shop/page.html?x=1");
  const ParsedUrl url = parse_url(input, &base);
  if (!url.is_network()) return 0;
  if (url.host.empty() || url.path.empty() || url.path.front() != '/') std::abort();
  const std::string written = url.scheme + "://" + url.host + (url.port.empty() ? "" : ":" + url.port) +
                              url.path + (url.query.empty() ? "" : "?" + url.query);
  const ParsedUrl again = parse_url(written);
  if (again.host != url.host || again.path != url.path || again.port != url.port) std::abort();
  return 0;
}
