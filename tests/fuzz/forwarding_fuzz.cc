// Whatever a client writes into forwarding fields: no crash, and no more hops than the bound. A peer that
// nobody trusts stays the client.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "filters/visitor/client_headers.h"
#include "filters/visitor/trusted_proxies.h"
#include "proxy/http/forwarding.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace portvakt;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto half = input.find('\n');
  http::HeaderMap headers;
  headers.add("Forwarded", input.substr(0, half));
  if (half != std::string_view::npos) {
    const auto rest = input.substr(half + 1);
    headers.add("X-Forwarded-For", rest.substr(0, rest.find('\n')));
    headers.add("Connection", rest);
  }
  const auto peer = IpAddress::parse("10.0.0.1");
  const visitor::TrustedProxies trusted({*IpNetwork::parse("10.0.0.0/8")});
  if (trusted.find_origin(peer, headers).proxies.size() > http::kMaxForwardedHops) std::abort();
  if (visitor::TrustedProxies().find_origin(peer, headers).client != peer) std::abort();
  if (const auto hops = http::parse_forwarded(headers); hops && hops->size() > http::kMaxForwardedHops)
    std::abort();
  http::strip_hop_by_hop(headers);
  visitor::remove_client_addresses(headers);
  if (headers.has("forwarded") || headers.has("connection")) std::abort();
  return 0;
}
