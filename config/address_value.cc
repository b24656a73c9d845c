#include "config/address_value.h"

#include <algorithm>
#include <array>
#include <optional>

#include "config/secret_mask.h"
#include "proxy/base/ascii.h"

namespace portvakt::config {
namespace {

constexpr std::size_t kLongestHost = 253;
constexpr std::size_t kLongestLabel = 63;

auto fault(std::string text, std::string suggestion = {}) {
  return tl::unexpected<Fault>(Fault{std::move(text), std::move(suggestion)});
}

bool is_label(std::string_view label) {
  if (label.empty() || label.size() > kLongestLabel || label.front() == '-' || label.back() == '-')
    return false;
  return std::ranges::all_of(label, [](char c) { return ascii::is_alnum(c) || c == '-' || c == '_'; });
}

bool is_dns_name(std::string_view name) {
  if (name.empty() || name.size() > kLongestHost) return false;
  while (true) {
    const auto dot = name.find('.');
    if (!is_label(name.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    name.remove_prefix(dot + 1);
  }
}

/// Digits and dots only: what browsers would read as an IPv4 address, so a typo in one is not a name.
bool looks_like_ipv4(std::string_view name) {
  return std::ranges::all_of(name, [](char c) { return ascii::is_digit(c) || c == '.'; });
}

bool is_host_or_address(std::string_view host) {
  return IpAddress::parse(host).has_value() || (is_dns_name(host) && !looks_like_ipv4(host));
}

bool has_port(std::string_view text) {
  const auto low = HostPort::parse(text, 0);
  const auto high = HostPort::parse(text, 1);
  return low && high && low->port == high->port;
}

bool is_url_char(char c) {
  return ascii::is_alnum(c) || ascii::contains("-._~!$&'()*+,;=:@/%?#[]", std::string_view(&c, 1));
}

bool is_path(std::string_view text) {
  return text.starts_with('/') && !text.starts_with("//") && std::ranges::all_of(text, is_url_char);
}

std::string upstream_help(std::string_view text) {
  if (!ascii::contains(text, "://") && has_port(text)) return "write http://" + displayable(text);
  return "write http://HOST:PORT or https://HOST:PORT";
}

constexpr std::array<std::string_view, 3> kOpenRedis = {"redis", "redis+sentinel", "redis+cluster"};
constexpr std::array<std::string_view, 3> kTlsRedis = {"rediss", "rediss+sentinel", "rediss+cluster"};

bool is_this_machine(std::string_view host) {
  const auto address = IpAddress::parse(host);
  return address ? address->is_loopback() : ascii::iequals(host, "localhost");
}

}  // namespace

Checked<ListenAddress> parse_tcp_address(std::string_view text) {
  const auto said = in_backticks(text) + " is not an address to listen on";
  if (text.starts_with(':') && ascii::parse_uint(text.substr(1))) {
    return fault(said, "write 127.0.0.1" + displayable(text) + " for this machine alone, 0.0.0.0" +
                           displayable(text) + " for all interfaces");
  }
  const auto parsed = HostPort::parse(text, 0);
  if (!parsed) return fault(said, "write IP-ADDRESS:PORT, as in 127.0.0.1:8080 or [::1]:8080");
  if (!has_port(text)) return fault(said + ": the port is missing", "write " + displayable(text) + ":8080");
  if (!IpAddress::parse(parsed->host)) {
    const bool local = ascii::iequals(parsed->host, "localhost");
    return fault(said + ": the host must be an IP address",
                 local ? "write 127.0.0.1:" + std::to_string(parsed->port) : "");
  }
  return ListenAddress{*parsed, {}};
}

Checked<std::string> parse_host(std::string_view text) {
  const auto said = in_backticks(text) + " is not a host name";
  auto host = ascii::lower(text);
  if (host == "*") return host;
  if (std::ranges::any_of(host, [](char c) { return static_cast<unsigned char>(c) > 0x7f; })) {
    return fault(said, "write an international name in its ASCII form (xn--...)");
  }
  if (ascii::contains(host, "://")) return fault(said, "leave out the scheme");
  if (host.starts_with('[') && host.ends_with(']') && IpAddress::parse(host.substr(1, host.size() - 2)))
    return host;
  if (IpAddress::parse(host)) return ascii::contains(host, ":") ? "[" + host + "]" : host;
  if (ascii::contains(host, "/")) return fault(said, "leave out the path");
  if (has_port(host)) return fault(said, "leave out the port; a site answers on every listener");
  const auto name = host.starts_with("*.") ? host.substr(2) : host;
  if (!is_host_or_address(name))
    return fault(said, "write a name such as www.example.com, *.example.com or \"*\"");
  return host;
}

Checked<Upstream> parse_upstream(std::string_view text) {
  const auto said = in_backticks(text) + " is not an upstream";
  Upstream out;
  std::string_view rest = text;
  if (ascii::istarts_with(text, "http://")) {
    rest.remove_prefix(7);
  } else if (ascii::istarts_with(text, "https://")) {
    out.scheme = Upstream::Scheme::Https;
    rest.remove_prefix(8);
  } else {
    return fault(said, upstream_help(text));
  }
  if (rest.ends_with('/')) rest.remove_suffix(1);
  if (ascii::contains(rest, "@")) return fault(said + ": it cannot hold a password", upstream_help(text));
  if (rest.find_first_of("/?#") != std::string_view::npos) {
    return fault(said + ": it cannot hold a path", "leave out what follows the port");
  }
  const auto parsed = HostPort::parse(rest, out.scheme == Upstream::Scheme::Https ? 443 : 80);
  if (!parsed || parsed->port == 0 || !is_host_or_address(parsed->host))
    return fault(said, upstream_help(text));
  out.address = *parsed;
  return out;
}

Checked<std::string> parse_url_path(std::string_view text) {
  const auto said = in_backticks(text) + " is not a path";
  if (!is_path(text) || text.find_first_of("?#[]%") != std::string_view::npos) {
    return fault(said, "write letters, digits and - between slashes, as in /.privacy/");
  }
  if (text == "/") return fault(said + " for Portvakt's own pages: it would take the whole site");
  if (!text.ends_with('/'))
    return fault(said + ": the slash at the end is missing", "write " + displayable(text) + "/");
  if (ascii::contains(text, "//") || ascii::contains(text, "/../") || ascii::contains(text, "/./")) {
    return fault(said + ": browsers would shorten it");
  }
  return std::string(text);
}

Checked<std::string> parse_link(std::string_view text) {
  if (is_path(text)) return std::string(text);
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (!ascii::istarts_with(text, scheme) || !std::ranges::all_of(text, is_url_char)) continue;
    const auto rest = text.substr(scheme.size());
    const auto host = HostPort::parse(rest.substr(0, rest.find_first_of("/?#")), 443);
    if (host && is_host_or_address(host->host)) return std::string(text);
  }
  return fault(in_backticks(text) + " is not a link", "write a path such as /privacy or an https:// URL");
}

Checked<std::string> parse_redis_url(std::string_view text) {
  const auto scheme = text.substr(0, text.find("://"));
  const bool known = std::ranges::find(kOpenRedis, scheme) != kOpenRedis.end() || is_redis_over_tls(text);
  const bool hosted = known && text.size() > scheme.size() + 3;
  const bool socket = text.starts_with("unix:") && text.size() > 5;
  const bool clean = std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) <= 0x20; });
  if ((hosted || socket) && clean) return std::string(text);
  return fault("the value is not the URL of a Redis server",
               "write redis://HOST:PORT/0, rediss:, unix:/PATH, redis+sentinel: or redis+cluster:");
}

bool is_redis_over_tls(std::string_view url) {
  return ascii::contains(url, "://") &&
         std::ranges::find(kTlsRedis, url.substr(0, url.find("://"))) != kTlsRedis.end();
}

bool is_open_redis(std::string_view url) {
  const auto end = url.find("://");
  if (end == std::string_view::npos || std::ranges::find(kOpenRedis, url.substr(0, end)) == kOpenRedis.end())
    return false;
  std::string_view hosts = url.substr(end + 3);
  hosts = hosts.substr(0, hosts.find('/'));
  if (const auto at = hosts.rfind('@'); at != std::string_view::npos) hosts.remove_prefix(at + 1);
  while (true) {
    const auto comma = hosts.find(',');
    const auto place = HostPort::parse(hosts.substr(0, comma), 6379);
    if (place && !is_this_machine(place->host)) return true;
    if (comma == std::string_view::npos) return false;
    hosts.remove_prefix(comma + 1);
  }
}

}  // namespace portvakt::config
