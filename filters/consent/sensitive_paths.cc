#include "filters/consent/sensitive_paths.h"

#include <algorithm>

#include "proxy/base/ascii.h"
#include "proxy/base/star_pattern.h"
#include "proxy/http/url.h"

namespace portvakt::consent {
namespace {

/// As a browser and most servers read it: dots taken out, then escapes undone. A plus stays a plus in a path.
std::string plain(std::string_view path) {
  std::string text;
  for (const char c : path) text += c == '+' ? std::string("%2B") : std::string(1, c);
  const auto url = http::parse_url("http://page.invalid" + text);
  return ascii::lower(ascii::decode_form_component(url.is_network() ? url.path : text));
}

}  // namespace

SensitivePaths::SensitivePaths(const std::vector<std::string>& patterns) {
  for (const auto& pattern : patterns) patterns_.push_back(ascii::lower(pattern));
}

bool SensitivePaths::contains(std::string_view path) const {
  if (patterns_.empty()) return false;
  const auto text = plain(path);
  return std::ranges::any_of(patterns_, [&](const auto& pattern) { return matches_whole(pattern, text); });
}

}  // namespace portvakt::consent
