// Which peers may speak for a client, and what they said: the client's address out of the socket's peer and
// the `Forwarded` (RFC 7239) or `X-Forwarded-For` chain that it sent. Read from right to left while the
// speaker is trusted; whatever an untrusted client wrote further left is never believed. Immutable, any
// thread.
#pragma once

#include <optional>
#include <vector>

#include "proxy/base/address.h"
#include "proxy/http/header_map.h"

namespace portvakt::visitor {

/// What is known of the way a request came.
struct ClientOrigin {
  /// Empty: a Unix socket's peer that said nothing, or a trusted proxy that would not say (`unknown`,
  /// `_hidden`).
  std::optional<IpAddress> client;
  /// Trusted proxies between the client and us, the client's side first; the socket's peer is not among them.
  std::vector<IpAddress> proxies;
  /// The peer is trusted, so what it says of scheme and host counts too.
  bool peer_trusted = false;
};

class TrustedProxies {
 public:
  TrustedProxies() = default;
  explicit TrustedProxies(std::vector<IpNetwork> networks) : networks_(std::move(networks)) {}

  bool trusts(const IpAddress& address) const;
  /// `peer` is empty for a Unix socket: whoever may open that is trusted if any proxy is.
  ClientOrigin find_origin(const std::optional<IpAddress>& peer, const http::HeaderMap& headers) const;

 private:
  ClientOrigin walk(const std::optional<IpAddress>& peer,
                    const std::vector<std::optional<IpAddress>>& chain) const;

  std::vector<IpNetwork> networks_;
};

}  // namespace portvakt::visitor
