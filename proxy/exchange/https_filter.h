// What comes before a site when it is asked for in plain text: answers to ACME's challenges, then the way to
// https. Stands behind the visitor filter, which says by X-Forwarded-Proto whether a trusted proxy before us
// has spoken TLS with the client already. Decorating: it holds nothing back.
#pragma once

#include <cstdint>
#include <filesystem>

#include "filters/filter.h"

namespace portvakt::exchange {

struct HttpsSettings {
  std::filesystem::path challenges = {};  // empty: challenges are the upstream's business
  bool redirect = false;
  std::uint16_t port = 443;  // where visitors find https
};

class HttpsFilter : public filters::Filter {
 public:
  explicit HttpsFilter(HttpsSettings settings) : settings_(std::move(settings)) {}

  filters::Step on_request(filters::RequestContext& context) const override;

 private:
  filters::Step send_to_https(filters::RequestContext& context) const;
  filters::Step answer_challenge(filters::RequestContext& context) const;

  const HttpsSettings settings_;
};

/// Whether the client's side of this exchange is encrypted, by us or by a trusted proxy before us. For
/// requests that the visitor filter has seen: it alone writes the header.
bool came_by_https(const http::RequestHead& request, bool tls);

/// Strict-Transport-Security (RFC 6797 section 7.1: over https alone). What the site itself says stays unless
/// `replaces`.
void add_hsts(std::string_view policy, bool replaces, http::HeaderMap& headers);

}  // namespace portvakt::exchange
