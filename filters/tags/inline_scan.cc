#include "filters/tags/inline_scan.h"

#include <algorithm>
#include <array>

#include "proxy/base/ascii.h"

namespace portvakt::tags {
namespace {

constexpr std::size_t kLongestWeakSignature = 6;
constexpr std::size_t kLongestHost = 253;
constexpr std::size_t kLongestTail = 512;

bool is_word(char c) {
  return ascii::is_alnum(c) || c == '_' || c == '$';
}
bool is_host(char c) {
  return ascii::is_alnum(c) || c == '.' || c == '-' || c == '_';
}
bool is_quote(char c) {
  return c == '"' || c == '\'' || c == '`';
}

/// `\u002F` and `\x2F` are a slash: the length of such a code behind a backslash, else 0.
std::size_t coded_slash(std::string_view text) {
  if (ascii::istarts_with(text, "u002f")) return 5;
  return ascii::istarts_with(text, "x2f") ? 3 : 0;
}

bool looks_like_host(std::string_view text) {
  const std::size_t dot = text.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || text.size() > kLongestHost) return false;
  const std::string_view top = text.substr(dot + 1);
  return top.size() >= 2 && std::ranges::all_of(top, ascii::is_alpha);
}

}  // namespace

const ScriptAddress* AddressScanner::next() {
  while (at_ < script_.size()) {
    if (!is_host(script_[at_])) {
      ++at_;
      continue;
    }
    std::size_t begin = at_;
    while (at_ < script_.size() && is_host(script_[at_])) ++at_;
    const char before = begin == 0 ? ' ' : script_[begin - 1];
    bool starts_well = before == '/' || is_quote(before);
    if (before == '\\') {
      const std::size_t code = coded_slash(script_.substr(begin, at_ - begin));
      starts_well = code > 0;
      begin += code;
    }
    std::string_view host = script_.substr(begin, at_ - begin);
    if (host.starts_with('.')) host.remove_prefix(1), ++begin;
    if (host.ends_with('.')) host.remove_suffix(1);
    if (!starts_well || !looks_like_host(host)) continue;
    found_.host_begin = begin;
    found_.host_end = begin + host.size();
    found_.url.kind = http::ParsedUrl::Kind::Network;
    found_.url.scheme = "https";
    found_.url.host.clear();
    for (const char c : host) found_.url.host += ascii::to_lower(c);
    read_tail(at_);
    return &found_;
  }
  return nullptr;
}

/// Path and query up to the end of the text that the address stands in.
void AddressScanner::read_tail(std::size_t at) {
  std::string& path = found_.url.path;
  path.clear();
  found_.url.query.clear();
  const std::size_t end = std::min(script_.size(), at + kLongestTail);
  for (; at < end; ++at) {
    char c = script_[at];
    if (c == '\\') {
      const std::string_view rest = script_.substr(at + 1, 5);
      if (rest.starts_with('/')) {
        continue;
      }
      const std::size_t code = coded_slash(rest);
      if (code == 0) break;
      at += code;
      c = '/';
    }
    if (is_quote(c) || static_cast<unsigned char>(c) <= 0x20 || c == '<' || c == '>' || c == '#' || c == ')')
      break;
    path += c;
  }
  if (const std::size_t mark = path.find('?'); mark != std::string::npos) {
    found_.url.query = path.substr(mark + 1);
    path.resize(mark);
  }
  if (!path.starts_with('/')) path.insert(0, "/");
}

bool stands_alone(std::string_view script, std::size_t begin, std::size_t end) {
  if (is_word(script[begin]) && begin > 0 && is_word(script[begin - 1])) return false;
  if (end - begin > kLongestWeakSignature) return true;
  if (is_word(script[end - 1]) && end < script.size() && is_word(script[end])) return false;
  if (begin == 0 || script[begin - 1] != '.') return true;
  // `cache.hj(` is somebody's own method, `window.hj(` is the vendor's function.
  static constexpr std::array<std::string_view, 4> kGlobals{"window", "self", "top", "globalThis"};
  const std::string_view before = script.substr(0, begin - 1);
  return std::ranges::any_of(kGlobals, [before](std::string_view name) { return before.ends_with(name); });
}

bool is_evidence(const SignatureHit& hit, const std::vector<SignatureHit>& hits) {
  if (hit.signature->text.size() > kLongestWeakSignature) return true;
  return std::ranges::count_if(hits, [&hit](const auto& other) { return other.vendor == hit.vendor; }) > 1;
}

bool loads_when_named(const Verdict& verdict, std::string_view path) {
  static constexpr std::array<std::string_view, 7> kLinkedTo{"social", "embed", "chat", "form",
                                                             "widget", "login", "popup"};
  static constexpr std::array<std::string_view, 4> kLoaded{".js", ".php", ".gif", ".css"};
  if (verdict.vendor == nullptr || verdict.by_path) return true;
  if (std::ranges::any_of(kLoaded, [path](std::string_view end) { return path.ends_with(end); })) return true;
  return std::ranges::find(kLinkedTo, verdict.vendor->kind) == kLinkedTo.end();
}

}  // namespace portvakt::tags
