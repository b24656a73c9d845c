// Whatever a peer sends in the place of a PROXY header: no crash, no header beyond its bound, the same answer
// when more bytes follow, and an error that quotes nothing.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "proxy/net/proxy_protocol.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace portvakt;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto parsed = net::parse_proxy_header(input);
  if (!parsed) return 0;
  if (!*parsed) {
    if (size >= net::kMaxProxyHeader) std::abort();  // it must not wait for ever
    return 0;
  }
  const auto& header = **parsed;
  if (header.size == 0 || header.size > size || header.size > net::kMaxProxyHeader) std::abort();
  const auto alone = net::parse_proxy_header(input.substr(0, header.size));
  if (!alone || !*alone || (*alone)->size != header.size || !((*alone)->client == header.client))
    std::abort();
  for (std::size_t cut = 0; cut < header.size && cut < 256; ++cut) {
    const auto part = net::parse_proxy_header(input.substr(0, cut));
    if (!part || *part) std::abort();  // what is a header once it is whole is not refused before
  }
  if (header.speaker != net::ProxyHeader::Speaker::Client) return 0;
  const auto again = net::parse_proxy_header(net::make_proxy_header(header.client));
  if (!again || !*again || !((*again)->client == header.client)) std::abort();
  return 0;
}
