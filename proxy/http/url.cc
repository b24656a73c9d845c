#include "proxy/http/url.h"

#include <array>
#include <optional>
#include <utility>

#include "proxy/base/ascii.h"
#include "proxy/http/url_host.h"

namespace portvakt::http {
namespace {

struct SpecialScheme {
  std::string_view name;
  std::string_view port;
};
constexpr std::array<SpecialScheme, 5> kNetworkSchemes{
    {{"http", "80"}, {"https", "443"}, {"ws", "80"}, {"wss", "443"}, {"ftp", "21"}}};
constexpr std::array<std::string_view, 5> kLocalSchemes{"data", "blob", "javascript", "about", "file"};

const SpecialScheme* find_network_scheme(std::string_view name) {
  for (const auto& scheme : kNetworkSchemes) {
    if (scheme.name == name) return &scheme;
  }
  return nullptr;
}

bool is_slash(char c) {
  return c == '/' || c == '\\';
}

/// Section 4.4, steps 1 to 3: browsers drop controls and spaces around an address, and tabs and newlines
/// within.
std::string_view clean(std::string_view input, std::string& scratch) {
  const auto is_outer = [](char c) { return static_cast<unsigned char>(c) <= 0x20; };
  while (!input.empty() && is_outer(input.front())) input.remove_prefix(1);
  while (!input.empty() && is_outer(input.back())) input.remove_suffix(1);
  if (input.find_first_of("\t\n\r") == std::string_view::npos) return input;
  for (const char c : input) {
    if (c != '\t' && c != '\n' && c != '\r') scratch += c;
  }
  return scratch;
}

/// The scheme before a colon, if the address begins with one.
std::optional<std::string_view> find_scheme(std::string_view text) {
  if (text.empty() || !ascii::is_alpha(text.front())) return std::nullopt;
  for (std::size_t i = 1; i < text.size(); ++i) {
    const char c = text[i];
    if (c == ':') return text.substr(0, i);
    if (!ascii::is_alnum(c) && c != '+' && c != '-' && c != '.') return std::nullopt;
  }
  return std::nullopt;
}

void append_encoded(std::string& out, std::string_view text, std::string_view also) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || byte > 0x7E || also.find(c) != std::string_view::npos) {
      out += '%';
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    } else {
      out += c;
    }
  }
}

/// How many dots a segment stands for, `%2e` counted as one; 0 for every other segment.
int count_dots(std::string_view segment) {
  int dots = 0;
  while (!segment.empty()) {
    if (segment.front() == '.') {
      segment.remove_prefix(1);
    } else if (ascii::istarts_with(segment, "%2e")) {
      segment.remove_prefix(3);
    } else {
      return 0;
    }
    if (++dots > 2) return 0;
  }
  return dots;
}

void drop_last_segment(std::string& path) {
  const std::size_t slash = path.rfind('/');
  path.resize(slash == std::string::npos ? 0 : slash);
}

/// Section 4.4, path state: `out.path` holds whole segments, each with its slash in front, no slash at the
/// end.
void append_path(std::string_view text, ParsedUrl& out) {
  static constexpr std::string_view kPathSet = "\"#<>?`{}";
  while (true) {
    std::size_t end = 0;
    while (end < text.size() && !is_slash(text[end])) ++end;
    const std::string_view segment = text.substr(0, end);
    const bool last = end == text.size();
    const int dots = count_dots(segment);
    if (dots == 2) drop_last_segment(out.path);
    if (dots == 0) {
      out.path += '/';
      append_encoded(out.path, segment, kPathSet);
    } else if (last) {
      out.path += '/';
    }
    if (last) return;
    text.remove_prefix(end + 1);
  }
}

void set_query(std::string_view text, ParsedUrl& out) {
  out.query.clear();
  append_encoded(out.query, text, "\"#<>'");
}

struct Tail {
  std::string_view path;
  std::optional<std::string_view> query;
};

Tail split_tail(std::string_view text) {
  text = text.substr(0, text.find('#'));
  const std::size_t mark = text.find('?');
  if (mark == std::string_view::npos) return {text, std::nullopt};
  return {text.substr(0, mark), text.substr(mark + 1)};
}

bool set_port(std::string_view digits, std::string_view default_port, std::string& out) {
  out.clear();
  if (digits.empty()) return true;
  unsigned value = 0;
  for (const char c : digits) {
    if (!ascii::is_digit(c)) return false;
    value = value * 10 + static_cast<unsigned>(c - '0');
    if (value > 65535) return false;
  }
  out = std::to_string(value);
  if (out == default_port) out.clear();
  return true;
}

/// What comes after the slashes: user-info (read and thrown away), host, port, path, query.
void parse_authority(std::string_view text, const SpecialScheme& scheme, ParsedUrl& out) {
  while (!text.empty() && is_slash(text.front())) text.remove_prefix(1);
  const std::size_t end = std::min(text.find_first_of("/\\?#"), text.size());
  std::string_view authority = text.substr(0, end);
  if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos)
    authority.remove_prefix(at + 1);
  const std::size_t bracket = authority.rfind(']');
  const std::size_t colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  const std::string_view host = authority.substr(0, colon);
  const std::string_view port = colon == std::string_view::npos ? "" : authority.substr(colon + 1);
  if (host.empty() || !parse_host(host, out.host) || !set_port(port, scheme.port, out.port)) return;

  const Tail tail = split_tail(text.substr(end));
  out.path.clear();
  std::string_view path = tail.path;
  if (!path.empty()) path.remove_prefix(1);
  append_path(path, out);
  if (tail.query) set_query(*tail.query, out);
  out.kind = ParsedUrl::Kind::Network;
}

void parse_relative(std::string_view text, const ParsedUrl& base, ParsedUrl& out) {
  if (text.size() >= 2 && is_slash(text[0]) && is_slash(text[1])) {
    return parse_authority(text, *find_network_scheme(base.scheme), out);
  }
  out.host = base.host;
  out.port = base.port;
  out.kind = ParsedUrl::Kind::Network;
  const Tail tail = split_tail(text);
  if (tail.path.empty()) {
    out.path = base.path;
    if (tail.query) {
      set_query(*tail.query, out);
    } else {
      out.query = base.query;
    }
    return;
  }
  if (is_slash(tail.path.front())) {
    append_path(tail.path.substr(1), out);
  } else {
    out.path = base.path;
    drop_last_segment(out.path);
    append_path(tail.path, out);
  }
  if (tail.query) set_query(*tail.query, out);
}

void parse_other(std::string_view scheme, std::string_view rest, ParsedUrl& out) {
  const Tail tail = split_tail(rest);
  out.path = tail.path;
  if (tail.query) out.query = *tail.query;
  for (const std::string_view local : kLocalSchemes) {
    if (scheme == local) out.kind = ParsedUrl::Kind::Local;
  }
  if (out.kind == ParsedUrl::Kind::Invalid) out.kind = ParsedUrl::Kind::Other;
}

}  // namespace

void parse_url(std::string_view input, const ParsedUrl* base, ParsedUrl& out) {
  out.kind = ParsedUrl::Kind::Invalid;
  for (std::string* part : {&out.scheme, &out.host, &out.port, &out.path, &out.query}) part->clear();

  std::string scratch;
  const std::string_view text = clean(input, scratch);
  const bool has_base = base != nullptr && base->is_network();
  const auto scheme = find_scheme(text);
  if (!scheme) {
    if (!has_base) return;
    out.scheme = base->scheme;
    return parse_relative(text, *base, out);
  }
  for (const char c : *scheme) out.scheme += ascii::to_lower(c);
  const std::string_view rest = text.substr(scheme->size() + 1);
  const SpecialScheme* network = find_network_scheme(out.scheme);
  if (network == nullptr) return parse_other(out.scheme, rest, out);
  const bool has_slashes = rest.size() >= 2 && is_slash(rest[0]) && is_slash(rest[1]);
  if (has_base && base->scheme == out.scheme && !has_slashes) return parse_relative(rest, *base, out);
  parse_authority(rest, *network, out);
}

ParsedUrl parse_url(std::string_view input, const ParsedUrl* base) {
  ParsedUrl out;
  parse_url(input, base, out);
  return out;
}

}  // namespace portvakt::http
