// The request fields that carry a client's address, and what the upstream gets in their place. One list, so
// that a field of a new kind of proxy is added in one line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "proxy/http/message.h"

namespace portvakt::visitor {

/// Removes every field that may carry an address of the client, or say how it came to the proxies before us.
void remove_client_addresses(http::HeaderMap& headers);

/// What the upstream is told; `hops` are the client and the proxies before us, as text, the client first;
/// empty: told nothing of addresses.
struct ClientStory {
  std::vector<std::string> hops;
  std::string_view scheme;  // as the client used it
  std::string_view host;    // as the client asked for it
};

/// Writes X-Forwarded-For, X-Real-IP, Forwarded, X-Forwarded-Proto and X-Forwarded-Host.
void tell_upstream(const ClientStory& story, http::HeaderMap& headers);

}  // namespace portvakt::visitor
