// The PROXY protocol (version 1 as text, version 2 as bytes): how a proxy before us tells who its client is,
// and how we tell an upstream. Pure text work: no sockets, no trust; whoever calls has made sure that the
// peer may speak for others (net/proxy_gate). A header is read whole or not at all. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "proxy/base/address.h"
#include "proxy/base/result.h"

namespace portvakt::net {

/// A header with more bytes than this is refused; its further fields (TLVs) are in it.
inline constexpr std::size_t kMaxProxyHeader = 4096;

struct ProxyHeader {
  enum class Speaker : std::uint8_t {
    Client,   // the connection is made for `client`
    Unknown,  // for somebody whom the peer cannot name as an IP address
    Itself,   // the peer speaks for itself, as in a health check (LOCAL)
  };
  Speaker speaker = Speaker::Unknown;
  IpAddress client;
  std::size_t size = 0;  // how many bytes it took; what follows is the connection's own
};

/// Empty: it goes on with bytes that are not here yet. Errors: Malformed; never quotes what was sent.
Result<std::optional<ProxyHeader>> parse_proxy_header(std::string_view bytes);

/// A version 2 header in the name of `client`; without one it speaks for ourselves (LOCAL). The destination
/// and both ports are left unspecified: they are of no use to an origin and tell clients apart.
std::string make_proxy_header(const std::optional<IpAddress>& client);

}  // namespace portvakt::net
