#include "filters/html/page_headers.h"

#include <string>

#include "proxy/base/ascii.h"

namespace portvakt::html {
namespace {

/// Splits the class off an entity tag of ours; empty if it is not of that class.
std::string unwrap_tag(std::string_view tag, std::string_view page_class) {
  const std::string ending = ";" + std::string(page_class) + "\"";
  if (!tag.starts_with("W/\"") || !tag.ends_with(ending)) return {};
  tag.remove_prefix(2);
  tag.remove_suffix(ending.size());
  // The origin's own weakness is written into the wrapped text, so that it gets back what it gave.
  if (tag.starts_with("\"w:")) return "W/\"" + std::string(tag.substr(3)) + "\"";
  return std::string(tag) + "\"";
}

/// `gzip` is named, and not with a weight of zero, which refuses it (RFC 9110 section 12.5.3).
bool takes_gzip(std::string_view accepted) {
  for (const auto coding : ascii::split(accepted, ',')) {
    const auto parts = ascii::split(coding, ';');
    if (parts.empty() || !ascii::iequals(parts[0], "gzip")) continue;
    return parts.size() < 2 || !ascii::istarts_with(parts[1], "q=0") ||
           parts[1].find_first_of("123456789") != std::string_view::npos;
  }
  return false;
}

}  // namespace

void settle_content_type(http::HeaderMap& response) {
  const auto values = response.all("Content-Type");
  const bool plain = values.size() <= 1 && (values.empty() || values[0].find(',') == std::string_view::npos);
  if (plain) return;
  std::string chosen;
  for (const auto value : values) {
    for (const auto one : ascii::split(value, ',')) {
      const bool is_type = one.find('/') != std::string_view::npos && !one.starts_with("*/*");
      if (is_type) chosen = one;
    }
  }
  response.remove("Content-Type");
  if (!chosen.empty()) response.add("Content-Type", chosen);
}

void ask_for_readable_page(http::HeaderMap& request) {
  const auto accepted = request.find("Accept-Encoding");
  if (accepted) request.set("Accept-Encoding", takes_gzip(*accepted) ? "gzip" : "identity");
  request.remove("Range");
  request.remove("If-Range");
  request.remove("A-IM");
}

bool unwrap_validators(http::HeaderMap& request, std::string_view page_class) {
  request.remove("If-Modified-Since");
  request.remove("If-Unmodified-Since");
  std::string tags;
  for (const auto value : request.all("If-None-Match")) {
    for (const auto tag : ascii::split(value, ',')) {
      const auto original = unwrap_tag(tag, page_class);
      if (original.empty()) continue;
      if (!tags.empty()) tags += ", ";
      tags += original;
    }
  }
  request.remove("If-None-Match");
  if (tags.empty()) return false;
  request.set("If-None-Match", tags);
  return true;
}

void wrap_validators(http::HeaderMap& response, std::string_view page_class) {
  response.remove("Last-Modified");
  const auto tag = response.find("ETag");
  if (!tag) return;
  const bool weak = tag->starts_with("W/");
  auto quoted = tag->substr(weak ? 2 : 0);
  if (quoted.size() < 2 || !quoted.starts_with('"') || !quoted.ends_with('"')) {
    response.remove("ETag");
    return;
  }
  quoted = quoted.substr(1, quoted.size() - 2);
  response.set("ETag", "W/\"" + std::string(weak ? "w:" : "") + std::string(quoted) + ";" +
                           std::string(page_class) + "\"");
}

void keep_out_of_shared_caches(http::HeaderMap& response) {
  std::string directives;
  bool strict = false;
  for (const auto value : response.all("Cache-Control")) {
    for (const auto directive : ascii::split(value, ',')) {
      if (ascii::iequals(directive, "public") || ascii::istarts_with(directive, "s-maxage") ||
          ascii::iequals(directive, "immutable")) {
        continue;
      }
      strict = strict || ascii::iequals(directive, "private") || ascii::iequals(directive, "no-store");
      directives += (directives.empty() ? "" : ", ") + std::string(directive);
    }
  }
  if (!strict) directives = directives.empty() ? "private" : "private, " + directives;
  response.set("Cache-Control", directives);
  response.remove("Surrogate-Control");
  response.remove("CDN-Cache-Control");
  response.remove("Pragma");
  if (!response.has_token("Vary", "Cookie") && !response.has_token("Vary", "*"))
    response.add("Vary", "Cookie");
}

void drop_body_descriptions(http::HeaderMap& response) {
  for (const auto* name : {"Content-MD5", "Digest", "Content-Digest", "Repr-Digest", "Want-Digest",
                           "Accept-Ranges", "Content-Range", "Signature", "Signature-Input"}) {
    response.remove(name);
  }
}

void refuse_third_parties(http::HeaderMap& response) {
  response.add(
      "Content-Security-Policy",
      "default-src 'self' data: blob: 'unsafe-inline' 'unsafe-eval'; base-uri 'self'; form-action 'self'");
}

}  // namespace portvakt::html
