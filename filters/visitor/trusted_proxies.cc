#include "filters/visitor/trusted_proxies.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "proxy/base/ascii.h"
#include "proxy/http/forwarding.h"

namespace portvakt::visitor {
namespace {

bool is_port(std::string_view text) {
  return ascii::parse_uint(text).has_value() || (!text.empty() && text.front() == '_');
}

/// A node as proxies write it: `192.0.2.1`, `192.0.2.1:80`, `[2001:db8::1]:80`, `2001:db8::1`,
/// `fe80::1%eth0`. Empty for `unknown`, `_hidden` and everything else.
std::optional<IpAddress> parse_node(std::string_view node) {
  node = ascii::trim(node);
  if (!node.empty() && node.front() == '[') {
    const auto close = node.find(']');
    if (close == std::string_view::npos) return std::nullopt;
    const auto after = node.substr(close + 1);
    if (!after.empty() && (after.front() != ':' || !is_port(after.substr(1)))) return std::nullopt;
    node = node.substr(1, close - 1);
  } else if (std::ranges::count(node, ':') == 1) {
    const auto colon = node.find(':');
    if (!is_port(node.substr(colon + 1))) return std::nullopt;
    node = node.substr(0, colon);
  }
  return IpAddress::parse(node.substr(0, node.find('%')));
}

/// The nodes that a chain names, the client's side first; an unreadable one is empty.
using Chain = std::vector<std::optional<IpAddress>>;

Chain read_forwarded(const http::HeaderMap& headers) {
  const auto hops = http::parse_forwarded(headers);
  if (!hops) return {std::nullopt};
  Chain chain;
  for (const auto& hop : *hops) chain.push_back(parse_node(hop.for_node));
  return chain;
}

Chain read_x_forwarded_for(const http::HeaderMap& headers) {
  Chain chain;
  for (std::string_view rest : headers.all("x-forwarded-for")) {
    // An empty part stays in the chain as an unreadable hop, so that leaving parts out shifts nothing.
    for (bool more = true; more;) {
      const auto comma = rest.find(',');
      chain.push_back(parse_node(rest.substr(0, comma)));
      more = comma != std::string_view::npos;
      if (more) rest.remove_prefix(comma + 1);
    }
  }
  return chain;
}

}  // namespace

bool TrustedProxies::trusts(const IpAddress& address) const {
  return std::ranges::any_of(networks_, [&](const IpNetwork& network) { return network.contains(address); });
}

ClientOrigin TrustedProxies::walk(const std::optional<IpAddress>& peer,
                                  const std::vector<std::optional<IpAddress>>& chain) const {
  ClientOrigin origin{.client = peer, .proxies = {}, .peer_trusted = true};
  const std::size_t oldest =
      chain.size() > http::kMaxForwardedHops ? chain.size() - http::kMaxForwardedHops : 0;
  for (std::size_t i = chain.size(); i > oldest; --i) {
    const auto& node = chain[i - 1];
    // Whoever stands left of an unreadable hop cannot be known: the last trusted speaker counts as the
    // client.
    if (!node) break;
    if (i < chain.size()) origin.proxies.insert(origin.proxies.begin(), *origin.client);
    origin.client = node;
    if (!trusts(*node)) break;
  }
  return origin;
}

ClientOrigin TrustedProxies::find_origin(const std::optional<IpAddress>& peer,
                                         const http::HeaderMap& headers) const {
  const bool trusted = peer ? trusts(*peer) : !networks_.empty();
  if (!trusted) return {.client = peer, .proxies = {}, .peer_trusted = false};
  if (!headers.has("forwarded")) return walk(peer, read_x_forwarded_for(headers));
  const auto origin = walk(peer, read_forwarded(headers));
  if (!headers.has("x-forwarded-for")) return origin;
  // Most proxies keep up one of the two fields and pass the other on as a client wrote it. If they disagree,
  // one of them is forged, and nobody can tell which: then neither counts.
  const auto other = walk(peer, read_x_forwarded_for(headers));
  if (origin.client == other.client) return origin;
  return {.client = peer, .proxies = {}, .peer_trusted = true};
}

}  // namespace portvakt::visitor
