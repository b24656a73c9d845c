#include "proxy/http/forwarding.h"

#include <algorithm>
#include <array>

#include "proxy/base/ascii.h"
#include "proxy/http/name_set.h"

namespace portvakt::http {
namespace {

constexpr NameSet kHopByHop{std::array<std::string_view, 10>{
    "connection", "keep-alive", "proxy-connection", "proxy-authenticate", "proxy-authorization",
    "transfer-encoding", "upgrade", "http2-settings", "te", "proxy-authentication-info"}};

// `Connection: X-Forwarded-For` would make us drop the one field that tells the upstream who asks, and
// `Connection: Cookie` the one that says who is signed in; both are used to get around checks further in. So
// only what is not listed here can be nominated away.
constexpr std::array<std::string_view, 34> kEndToEnd = {"host",
                                                        "cookie",
                                                        "set-cookie",
                                                        "authorization",
                                                        "origin",
                                                        "referer",
                                                        "via",
                                                        "forwarded",
                                                        "cache-control",
                                                        "pragma",
                                                        "vary",
                                                        "etag",
                                                        "date",
                                                        "expires",
                                                        "location",
                                                        "content-length",
                                                        "content-type",
                                                        "content-encoding",
                                                        "content-range",
                                                        "content-disposition",
                                                        "content-security-policy",
                                                        "content-security-policy-report-only",
                                                        "strict-transport-security",
                                                        "permissions-policy",
                                                        "referrer-policy",
                                                        "clear-site-data",
                                                        "consent-purposes",
                                                        "expect",
                                                        "range",
                                                        "trailer",
                                                        "accept-encoding",
                                                        "x-real-ip",
                                                        "x-frame-options",
                                                        "x-content-type-options"};

bool may_be_nominated(std::string_view name) {
  if (ascii::istarts_with(name, "x-forwarded") || ascii::istarts_with(name, "sec-") ||
      ascii::istarts_with(name, "cross-origin-") || ascii::istarts_with(name, "access-control-")) {
    return false;
  }
  return std::ranges::none_of(kEndToEnd, [&](std::string_view kept) { return ascii::iequals(kept, name); });
}

bool is_token_char(char c) {
  return ascii::is_alnum(c) || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

/// Reads one `Forwarded` field value (RFC 7239 section 4) from left to right.
class ForwardedReader {
 public:
  explicit ForwardedReader(std::string_view text) : rest_(text) {}

  bool read(std::vector<ForwardedElement>& hops) {
    while (true) {
      ForwardedElement hop;
      if (!read_hop(hop) || hops.size() == kMaxForwardedHops) return false;
      hops.push_back(std::move(hop));
      if (rest_.empty()) return true;
      rest_.remove_prefix(1);  // the comma
    }
  }

 private:
  bool read_hop(ForwardedElement& hop) {
    while (true) {
      skip_space();
      if (!rest_.empty() && rest_.front() != ';' && rest_.front() != ',' && !read_pair(hop)) return false;
      skip_space();
      if (rest_.empty() || rest_.front() == ',') return true;
      if (rest_.front() != ';') return false;
      rest_.remove_prefix(1);
    }
  }

  bool read_pair(ForwardedElement& hop) {
    const auto name = take_token();
    if (name.empty() || rest_.empty() || rest_.front() != '=') return false;
    rest_.remove_prefix(1);
    std::string value;
    if (!read_value(value)) return false;
    std::string* const slot = slot_for(hop, name);
    if (slot == nullptr) return true;  // an extension parameter
    // A parameter given twice has two meanings; whoever reads the other one is deceived.
    if (!slot->empty()) return false;
    *slot = std::move(value);
    return true;
  }

  static std::string* slot_for(ForwardedElement& hop, std::string_view name) {
    if (ascii::iequals(name, "for")) return &hop.for_node;
    if (ascii::iequals(name, "by")) return &hop.by_node;
    if (ascii::iequals(name, "host")) return &hop.host;
    if (ascii::iequals(name, "proto")) return &hop.proto;
    return nullptr;
  }

  bool read_value(std::string& value) {
    if (rest_.empty()) return false;
    if (rest_.front() != '"') {
      // Colons and brackets belong in quotes, but senders forget them (`for=192.0.2.1:80`, `for=[::1]`).
      while (!rest_.empty() && (is_token_char(rest_.front()) || rest_.front() == ':' ||
                                rest_.front() == '[' || rest_.front() == ']')) {
        value.push_back(take());
      }
      return !value.empty();
    }
    rest_.remove_prefix(1);
    while (!rest_.empty()) {
      char c = take();
      if (c == '"') return true;
      if (c == '\\') {
        if (rest_.empty()) return false;
        c = take();
      }
      value.push_back(c);
    }
    return false;
  }

  std::string_view take_token() {
    const auto end = std::ranges::find_if_not(rest_, is_token_char);
    const auto length = static_cast<std::size_t>(end - rest_.begin());
    const auto token = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return token;
  }

  char take() {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }

  void skip_space() {
    while (!rest_.empty() && (rest_.front() == ' ' || rest_.front() == '\t')) rest_.remove_prefix(1);
  }

  std::string_view rest_;
};

}  // namespace

void strip_hop_by_hop(HeaderMap& headers) {
  const bool wants_trailers = headers.has_token("te", "trailers");
  std::vector<std::string_view> nominated;
  for (const auto value : headers.all("connection")) {
    for (const auto name : ascii::split(value, ',')) {
      if (may_be_nominated(name)) nominated.push_back(name);
    }
  }
  const auto is_of_this_hop = [&](const HeaderMap::Field& field) {
    const auto same = [&](std::string_view name) { return ascii::iequals(name, field.name); };
    return kHopByHop.has(field.name) || std::ranges::any_of(nominated, same);
  };
  headers.remove_if(is_of_this_hop);
  if (wants_trailers) headers.add("te", "trailers");
}

std::optional<std::vector<ForwardedElement>> parse_forwarded(const HeaderMap& headers) {
  std::vector<ForwardedElement> hops;
  for (const auto value : headers.all("forwarded")) {
    if (!ForwardedReader(value).read(hops)) return std::nullopt;
  }
  return hops;
}

}  // namespace portvakt::http
