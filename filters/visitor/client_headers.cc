#include "filters/visitor/client_headers.h"

#include <algorithm>
#include <array>

#include "proxy/base/ascii.h"
#include "proxy/http/name_set.h"

namespace portvakt::visitor {
namespace {

constexpr http::NameSet kAddressFields{std::array<std::string_view, 40>{"forwarded",
                                                                        "forwarded-for",
                                                                        "forwarded-for-ip",
                                                                        "x-forwarded",
                                                                        "x-forwarded-for",
                                                                        "x-forwarded-for-original",
                                                                        "x-forwarded-by",
                                                                        "x-forwarded-client-ip",
                                                                        "x-forwarded-client-cert",
                                                                        "x-original-forwarded-for",
                                                                        "x-originally-forwarded-for",
                                                                        "x-real-ip",
                                                                        "real-ip",
                                                                        "x-client-ip",
                                                                        "x-client",
                                                                        "x-clientip",
                                                                        "x-client-src-ip",
                                                                        "x-cluster-client-ip",
                                                                        "x-proxyuser-ip",
                                                                        "proxy-client-ip",
                                                                        "wl-proxy-client-ip",
                                                                        "client-ip",
                                                                        "http-client-ip",
                                                                        "x-remote-ip",
                                                                        "x-remote-addr",
                                                                        "remote-addr",
                                                                        "x-originating-ip",
                                                                        "x-origin-ip",
                                                                        "x-true-client-ip",
                                                                        "true-client-ip",
                                                                        "cf-connecting-ip",
                                                                        "cf-connecting-ipv6",
                                                                        "cf-pseudo-ipv4",
                                                                        "fastly-client-ip",
                                                                        "fly-client-ip",
                                                                        "x-azure-clientip",
                                                                        "x-azure-socketip",
                                                                        "x-appengine-user-ip",
                                                                        "x-nf-client-connection-ip",
                                                                        "x-envoy-external-address"}};

/// More of the same, by shape: fields of proxies that put their own name before or after.
bool looks_like_address_field(std::string_view name) {
  static constexpr std::array<std::string_view, 8> kEndings = {
      "-client-ip",      "-connecting-ip", "-real-ip",       "-user-ip",
      "-viewer-address", "-remote-ip",     "-forwarded-for", "-source-ip"};
  const auto ends_with = [&](std::string_view ending) {
    return name.size() >= ending.size() && ascii::iequals(name.substr(name.size() - ending.size()), ending);
  };
  return std::ranges::any_of(kEndings, ends_with);
}

/// A node of `Forwarded`: IPv6 in brackets and quotes (RFC 7239 section 6).
std::string forwarded_node(std::string_view address) {
  if (address.find(':') == std::string_view::npos) return std::string(address);
  return "\"[" + std::string(address) + "]\"";
}

/// A quoted-string of RFC 9110; what cannot stand in one is left out.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out.push_back('\\');
    if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) out.push_back(c);
  }
  return out + "\"";
}

std::string forwarded_text(const ClientStory& story) {
  std::string out;
  for (const auto& hop : story.hops) {
    if (!out.empty()) out += ", ";
    out += "for=" + forwarded_node(hop);
    if (&hop != &story.hops.front()) continue;
    if (!story.host.empty()) out += ";host=" + quoted(story.host);
    out.append(";proto=").append(story.scheme);
  }
  return out;
}

}  // namespace

void remove_client_addresses(http::HeaderMap& headers) {
  headers.remove_if([](const http::HeaderMap::Field& field) {
    return kAddressFields.has(field.name) || looks_like_address_field(field.name);
  });
}

void tell_upstream(const ClientStory& story, http::HeaderMap& headers) {
  headers.set("X-Forwarded-Proto", story.scheme);
  if (story.host.empty()) {
    headers.remove("X-Forwarded-Host");
  } else {
    headers.set("X-Forwarded-Host", story.host);
  }
  if (story.hops.empty()) return;
  std::string chain;
  for (const auto& hop : story.hops) chain += (chain.empty() ? "" : ", ") + hop;
  headers.set("X-Forwarded-For", chain);
  headers.set("X-Real-IP", story.hops.front());
  headers.set("Forwarded", forwarded_text(story));
}

}  // namespace portvakt::visitor
