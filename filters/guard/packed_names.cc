#include "filters/guard/packed_names.h"

#include <algorithm>
#include <cstdint>

#include "proxy/base/ascii.h"
#include "proxy/base/crypto.h"

namespace portvakt::guard {
namespace {

char end_sign(NameKind kind) {
  return kind == NameKind::Cookie ? '=' : '~';
}

std::uint32_t hash_of(std::string_view key) {
  std::uint32_t hash = 2166136261U;
  for (const char c : key) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return hash;
}

std::string reversed_labels(std::string_view host) {
  std::string out;
  while (!host.empty()) {
    const auto dot = host.rfind('.');
    out.append(host.substr(dot == std::string_view::npos ? 0 : dot + 1)).append(".");
    host = dot == std::string_view::npos ? std::string_view() : host.substr(0, dot);
  }
  return out;
}

std::string pattern_of(std::string_view text, std::string_view star) {
  std::string out;
  for (const char c : text) {
    if (c == '*') {
      out += star;
    } else if (c == '#') {
      out += "\\d{4,}";
    } else {
      if (!ascii::is_alnum(c) && c != '_' && c != '-' && c != '/' && c != '=' && c != '~' && c != '&')
        out += '\\';
      out += c;
    }
  }
  return out;
}

/// A beginning of a path, up to the end of a word.
std::string path_pattern(std::string_view path) {
  std::string out = pattern_of(path, ".*");
  if (!path.empty() && ascii::is_alnum(path.back())) out += "(?![a-z\\d])";
  return out;
}

/// Each parameter stands somewhere in the query; behind a dash comes an identifier.
std::string query_pattern(std::string_view query) {
  std::string out = "[^?]*(?=\\?)";
  for (const auto part : ascii::split(query, '&')) {
    out += "(?=.*[?&]" + pattern_of(part, ".*") + (part.ends_with('-') ? "[A-Z\\d-]{4})" : ")");
  }
  return out;
}

/// On the site's own host: a query, or a path that begins with a star.
bool is_own_shape(std::string_view name) {
  return name.starts_with('?') || name.starts_with('/') || name.starts_with("*/");
}

std::string address_pattern(std::string_view name) {
  const auto slash = std::min(name.find_first_of("/?"), name.size());
  const auto mark = std::min(name.find('?'), name.size());
  std::string_view host = name.substr(0, slash);
  const std::string_view path = name.substr(slash, mark - slash);
  std::string out;
  if (host.starts_with('.')) {
    out = "([^/]*\\.)?";
    host.remove_prefix(1);
  }
  out += host == "*" ? "[^?]*" : pattern_of(host, "[^/]*");
  if (!name.starts_with('?')) out += path.empty() ? "/" : path_pattern(path);
  if (mark < name.size()) out += query_pattern(name.substr(mark + 1));
  return "^" + out;
}

/// Three bytes of each, then the bits that count off the first bytes, last byte first.
std::string pack(std::vector<std::uint32_t> hashes) {
  std::ranges::sort(hashes);
  hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
  std::string bytes, bits((hashes.size() + 256) / 8 + 1, '\0');
  std::size_t place = 0;
  std::uint32_t first = 0;
  for (const auto hash : hashes) {
    for (; first < hash >> 24; ++first) ++place;
    bits[place / 8] = static_cast<char>(bits[place / 8] | 1 << place % 8);
    ++place;
    for (const int shift : {16, 8, 0}) bytes += static_cast<char>(hash >> shift & 255);
  }
  std::ranges::reverse(bits);
  return crypto::base64(bytes + bits);
}

}  // namespace

std::string hash_key(std::string_view name, NameKind kind) {
  if (kind != NameKind::Address) {
    const auto star = name.find('*');
    if (star == std::string_view::npos) return std::string(name) + end_sign(kind);
    return star + 1 == name.size() && kind == NameKind::Cookie ? std::string(name) : std::string();
  }
  if (name.find_first_of("*#?") != std::string_view::npos) return {};
  const auto slash = std::min(name.find('/'), name.size());
  const auto path = name.substr(slash);
  if (!name.starts_with('.')) {
    return reversed_labels(name.substr(0, slash)) + (path.empty() ? "/" : std::string(path));
  }
  return path.empty() ? reversed_labels(name.substr(1)) : std::string();
}

void PackedNames::add(const std::vector<HeldName>& names, NameKind kind) {
  for (const auto& [name, needs] : names) {
    const auto key = hash_key(name, kind);
    if (!key.empty()) {
      hashes_[needs].push_back(hash_of(key));
      continue;
    }
    std::string& pattern = (kind == NameKind::Address && is_own_shape(name) ? shapes_ : patterns_)[needs];
    pattern += pattern.empty() ? "" : "|";
    pattern += kind == NameKind::Address ? address_pattern(name)
                                         : "^" + pattern_of(name, ".*") + end_sign(kind) + "$";
  }
}

std::map<std::string, std::string> PackedNames::hashes() const {
  std::map<std::string, std::string> packed;
  for (const auto& [needs, hashes] : hashes_) packed.emplace(needs, pack(hashes));
  return packed;
}

}  // namespace portvakt::guard
