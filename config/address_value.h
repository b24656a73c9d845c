// The kinds of value that name a place on the network: addresses to listen on, hosts, upstreams, URLs. Syntax
// only.
#pragma once

#include <string>
#include <string_view>

#include "config/value.h"

namespace portvakt::config {

Checked<ListenAddress> parse_tcp_address(std::string_view text);
/// A host name, an address, `*` or `*.name`; in lower case, an IPv6 address in brackets.
Checked<std::string> parse_host(std::string_view text);
Checked<Upstream> parse_upstream(std::string_view text);
/// Begins and ends with a slash, and stays within what a URL path may hold.
Checked<std::string> parse_url_path(std::string_view text);
/// A path on the site or an http(s) URL.
Checked<std::string> parse_link(std::string_view text);
Checked<std::string> parse_redis_url(std::string_view text);
/// A good URL that leads over a network without TLS.
bool is_open_redis(std::string_view url);
bool is_redis_over_tls(std::string_view url);

}  // namespace portvakt::config
