// What an intermediary must do to a head before it passes it on (RFC 9110 section 7.6): fields that speak of
// one connection stay behind. Also reads the `Forwarded` field (RFC 7239). It decides nothing about trust.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/http/header_map.h"

namespace portvakt::http {

/// Removes the fields of one connection, in either direction: Connection and what it nominates, Keep-Alive,
/// Proxy-Connection, TE but for `trailers`, Transfer-Encoding, Upgrade, Proxy-Authenticate,
/// Proxy-Authorization … A peer cannot nominate away fields that others rely on (Host, Cookie,
/// X-Forwarded-For, Content-Length …).
void strip_hop_by_hop(HeaderMap& headers);

/// One hop of a `Forwarded` field, values unquoted; absent parameters are empty.
struct ForwardedElement {
  std::string for_node;
  std::string by_node;
  std::string host;
  std::string proto;
};

/// The hops from the client's side to ours, over all lines of the field. Empty if any of it is malformed, or
/// if there are more hops than anybody has proxies.
std::optional<std::vector<ForwardedElement>> parse_forwarded(const HeaderMap& headers);

/// How many hops are read from a forwarding chain.
inline constexpr std::size_t kMaxForwardedHops = 32;

}  // namespace portvakt::http
