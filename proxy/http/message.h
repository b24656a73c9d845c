// The heads of requests and responses as every codec gives and takes them: HTTP/2's pseudo-fields and
// HTTP/1's first line end up in the same members (RFC 9110 section 6).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "proxy/http/header_map.h"

namespace portvakt::http {

enum class Version : std::uint8_t { Http10, Http11, Http2 };

struct RequestHead {
  std::string method;
  std::string scheme;     // "http" or "https", by the connection it came on
  std::string authority;  // host[:port] as the client wrote it: Host, :authority or absolute-form
  std::string target;     // origin-form (path and query), or "*"
  /// What the stream becomes if the answer is 101: "websocket", asked for by `Upgrade` (RFC 9110 section 7.8)
  /// or an extended CONNECT (RFC 8441), whichever the connection speaks. Empty for a usual request. Then
  /// `method` is GET, and the request's body is what the client sends into the tunnel.
  std::string protocol;
  Version version = Version::Http11;
  HeaderMap headers;  // without Host: authority says it

  /// The target up to the question mark.
  std::string_view path() const { return std::string_view(target).substr(0, target.find('?')); }
  /// What follows the question mark; empty without one.
  std::string_view query() const {
    const auto mark = target.find('?');
    return mark == std::string::npos ? std::string_view() : std::string_view(target).substr(mark + 1);
  }
};

struct ResponseHead {
  int status = 200;
  Version version = Version::Http11;
  HeaderMap headers;

  /// One more head follows. 101 is final: from there on both bodies are a tunnel's bytes, without end.
  bool informational() const { return status >= 100 && status < 200 && status != 101; }
};

/// What is known of a body when its head has come.
struct BodyLength {
  bool none = false;                   // the message ends with its head
  std::optional<std::uint64_t> bytes;  // announced length, when there is one
};

/// The standard reason phrase, for HTTP/1's status line and our own pages.
std::string_view reason_phrase(int status);

}  // namespace portvakt::http
