// Reads an address as browsers do (the WHATWG URL standard, section 4.4, as far as scheme, host, port, path
// and query decide): so that no odd spelling reaches a host that our rules did not see. Not a serialiser for
// forwarding. The result's strings keep their capacity when it is filled again, so a page full of links
// allocates little.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace portvakt::http {

struct ParsedUrl {
  enum class Kind : std::uint8_t {
    Invalid,  // a browser would not fetch it
    Network,  // http, https, ws, wss, ftp: names a host that would be contacted
    Local,    // data, blob, javascript, about, file: no host of somebody else is contacted
    Other,    // mailto, tel, and schemes of other programs
  };

  Kind kind = Kind::Invalid;
  std::string scheme;  // lower case, no colon
  std::string host;    // as serialised: lower case, punycode, IPv6 in brackets; empty if there is none
  std::string port;    // digits; empty for the scheme's default
  std::string path;    // begins with "/" for Kind::Network
  std::string query;   // without "?"

  bool is_network() const { return kind == Kind::Network; }
  /// The host without the dot at its end: `example.test.` is the same machine as `example.test`.
  std::string_view plain_host() const {
    std::string_view name = host;
    if (name.size() > 1 && name.back() == '.') name.remove_suffix(1);
    return name;
  }
};

/// `base` is what a relative address is relative to; null: there is none. `out` may not be `*base`.
void parse_url(std::string_view input, const ParsedUrl* base, ParsedUrl& out);

ParsedUrl parse_url(std::string_view input, const ParsedUrl* base = nullptr);

}  // namespace portvakt::http
