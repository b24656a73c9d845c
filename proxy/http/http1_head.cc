#include "proxy/http/http1_head.h"

#include "proxy/base/ascii.h"
#include "proxy/http/request_target.h"
#include "proxy/http/syntax.h"

namespace portvakt::http {
namespace {

/// Takes a line off the front, without its CRLF. Every line of a block ends so: a CR or LF elsewhere is
/// refused by the character checks on what the line holds.
std::string_view take_line(std::string_view& block) {
  const auto end = block.find("\r\n");
  const auto line = block.substr(0, end);
  block.remove_prefix(end == std::string_view::npos ? block.size() : end + 2);
  return line;
}

std::optional<Version> parse_version(std::string_view text) {
  if (text == "HTTP/1.1") return Version::Http11;
  if (text == "HTTP/1.0") return Version::Http10;
  return std::nullopt;
}

Result<void> read_target(std::string_view target, RequestHead& head) {
  if (!is_target_text(target)) return failure(ErrorKind::Malformed, "bad character in the request target");
  // CONNECT would make a tunnel of us; TRACE sends a visitor's own headers back to whoever made the request.
  if (head.method == "CONNECT" || head.method == "TRACE") {
    return failure(ErrorKind::Unsupported, "a method that is not served here");
  }
  if (target == "*" && head.method == "OPTIONS") {
    head.target = "*";
    return {};
  }
  if (target.starts_with('/')) {
    head.target = canonical_target(target);
    return {};
  }
  const std::size_t scheme = ascii::istarts_with(target, "http://")    ? 7
                             : ascii::istarts_with(target, "https://") ? 8
                                                                       : 0;
  if (scheme == 0) return failure(ErrorKind::Malformed, "the request target is no path");
  const auto rest = target.substr(scheme);
  const auto path = rest.find_first_of("/?");
  head.authority = rest.substr(0, path);
  const auto tail = path == std::string_view::npos ? std::string_view() : rest.substr(path);
  head.target = (tail.starts_with('/') ? "" : "/") + canonical_target(tail);
  return {};
}

Result<void> read_request_line(std::string_view line, RequestHead& head) {
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == std::string_view::npos || first == last)
    return failure(ErrorKind::Malformed, "bad request line");
  head.method = line.substr(0, first);
  if (!is_token(head.method)) return failure(ErrorKind::Malformed, "bad method");
  const auto version = parse_version(line.substr(last + 1));
  if (!version) return failure(ErrorKind::Malformed, "not HTTP/1.0 or HTTP/1.1");
  head.version = *version;
  return read_target(line.substr(first + 1, last - first - 1), head);
}

/// One Host, well-formed, and the same as an absolute target's (RFC 9112 section 3.2): two hosts in one
/// request are how caches and virtual hosts get confused.
Result<void> settle_authority(RequestHead& head) {
  const auto hosts = head.headers.all("Host");
  if (hosts.size() > 1) return failure(ErrorKind::Malformed, "Host more than once");
  if (hosts.empty() && head.version == Version::Http11) return failure(ErrorKind::Malformed, "no Host");
  if (!hosts.empty()) {
    if (!head.authority.empty() && !ascii::iequals(head.authority, hosts[0])) {
      return failure(ErrorKind::Malformed, "Host differs from the request target's");
    }
    head.authority = hosts[0];
  }
  if (!head.authority.empty() && !is_authority(head.authority))
    return failure(ErrorKind::Malformed, "bad Host");
  if (head.authority.empty() && !hosts.empty()) return failure(ErrorKind::Malformed, "empty Host");
  head.headers.remove("Host");
  return {};
}

}  // namespace

bool is_authority(std::string_view text) {
  if (text.empty() || !detail::all_in(text, detail::kHost)) return false;
  const bool literal = text.starts_with('[');
  const auto close = text.find(']');
  if (literal != (close != std::string_view::npos)) return false;
  auto port = text;
  if (literal) {
    port.remove_prefix(close + 1);
  } else {
    port.remove_prefix(std::min(text.find(':'), text.size()));
  }
  if (port.size() == text.size()) return false;  // a port without a host
  if (port.empty()) return true;
  const auto number = ascii::parse_uint(port.substr(1));
  return port[0] == ':' && number && *number <= 65535;
}

Result<void> parse_fields(std::string_view lines, std::size_t max_count, HeaderMap& headers) {
  lines = headers.keep(lines);  // all at once; the fields are views into it
  while (true) {
    const auto line = take_line(lines);
    if (line.empty()) break;
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) {
      return failure(ErrorKind::Malformed, "bad header field name");
    }
    const auto value = ascii::trim(line.substr(colon + 1));
    if (!is_field_value(value)) return failure(ErrorKind::Malformed, "bad character in a header field value");
    if (headers.size() == max_count) return failure(ErrorKind::TooManyFields, "too many header fields");
    headers.add_kept(line.substr(0, colon), value);
  }
  return {};
}

Result<RequestHead> parse_request_head(std::string_view block, const MessageLimits& limits) {
  RequestHead head;
  const auto line = take_line(block);
  if (line.size() > limits.max_line) return failure(ErrorKind::TargetTooLong, "request line too long");
  if (auto read = read_request_line(line, head); !read) return tl::unexpected(read.error());
  if (auto read = parse_fields(block, limits.max_header_count, head.headers); !read) {
    return tl::unexpected(read.error());
  }
  if (auto read = settle_authority(head); !read) return tl::unexpected(read.error());
  return head;
}

Result<ResponseHead> parse_response_head(std::string_view block, const MessageLimits& limits) {
  const auto malformed = [](const char* what) {
    return failure(ErrorKind::Malformed, what, ErrorSide::Upstream);
  };
  ResponseHead head;
  const auto line = take_line(block);
  if (line.size() > limits.max_line) return malformed("status line too long");
  const auto version = parse_version(line.substr(0, 8));
  if (!version || line.size() < 12 || line[8] != ' ') return malformed("bad status line");
  const auto status = ascii::parse_uint(line.substr(9, 3));
  if (!status || *status < 100 || *status > 599) return malformed("bad status code");
  // The reason phrase may be absent, with its space or without it; it is never passed on.
  if (line.size() > 12 && (line[12] != ' ' || !is_field_value(line.substr(13))))
    return malformed("bad status line");
  head.version = *version;
  head.status = static_cast<int>(*status);
  if (auto read = parse_fields(block, limits.max_header_count, head.headers); !read) {
    return tl::unexpected(read.error());
  }
  return head;
}

}  // namespace portvakt::http
