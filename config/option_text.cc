#include "config/option_text.h"

#include <algorithm>
#include <array>
#include <utility>

#include "config/units.h"
#include "proxy/base/ascii.h"

namespace portvakt::config {
namespace {

std::string format_number(Kind kind, std::uint64_t number) {
  if (kind == Kind::Duration) return format_duration(number);
  if (kind == Kind::Size) return format_size(number);
  return std::to_string(number);
}

}  // namespace

std::string_view describe(Kind kind) {
  constexpr std::array<std::pair<Kind, std::string_view>, 25> kDescriptions = {{
      {Kind::Section, "a map of options"},
      {Kind::Text, "a text of at most 4096 bytes"},
      {Kind::Name, "a name of lower-case letters, digits, `.`, `_` and `-`"},
      {Kind::Host, "a host name"},
      {Kind::File, "a path"},
      {Kind::TcpAddress, "an address such as 127.0.0.1:8080"},
      {Kind::AdminAddress, "an address such as 127.0.0.1:9901 or unix:/run/portvakt/admin.sock"},
      {Kind::Network, "an address block such as 10.0.0.0/8"},
      {Kind::Upstream, "an upstream such as http://127.0.0.1:9000"},
      {Kind::UrlPath, "a path such as /.privacy/"},
      {Kind::Link, "a path or an https:// URL"},
      {Kind::Duration, "a duration such as 500ms, 10s, 5m, 2h or 30d"},
      {Kind::Size, "a size such as 512, 32KiB, 10MiB or 1GiB"},
      {Kind::Integer, "a whole number"},
      {Kind::Choice, "one of the allowed words"},
      {Kind::Flag, "on or off"},
      {Kind::ConsentKey, "a key, `file:PATH` or `${VARIABLE}`"},
      {Kind::RedisUrl, "the URL of a Redis server"},
      {Kind::RedisPrefix, "a prefix of letters, digits, `.`, `_`, `-` and `:`"},
      {Kind::PathPattern, "a path that begins with `/`, as in /health/*"},
      {Kind::CountryCode, "a country code of two capital letters"},
      {Kind::Colour, "a colour such as \"#1a2b3c\""},
      {Kind::SitePath, "a path on the site such as /logo.svg"},
      {Kind::LanguageTag, "a language such as nb"},
      {Kind::VendorId, "a vendor's name of lower-case letters, digits, `.`, `_` and `-`"},
  }};
  const auto found = std::ranges::find(kDescriptions, kind, &std::pair<Kind, std::string_view>::first);
  if (found != kDescriptions.end()) return found->second;
  return kind == Kind::CookiePattern ? "a cookie name" : "the name of a query parameter";
}

std::string format_range(const Option& option) {
  if (option.least == 0 && option.most == 0) return {};
  if (option.most == 0) return "at least " + format_number(option.kind, option.least);
  return format_number(option.kind, option.least) + " to " + format_number(option.kind, option.most);
}

std::string_view find_nearest(std::string_view word, const std::vector<std::string_view>& candidates) {
  constexpr std::size_t kFarthest = 2;
  std::size_t best = kFarthest + 1;
  std::string_view nearest;
  for (const auto candidate : candidates) {
    const auto distance = ascii::edit_distance(word, candidate, kFarthest);
    // A word of which no letter fits is not a misspelling.
    if (distance < best && distance < candidate.size()) {
      best = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string_view>& candidates) {
  const auto nearest = find_nearest(word, candidates);
  return nearest.empty() ? std::string() : "did you mean `" + std::string(nearest) + "`?";
}

}  // namespace portvakt::config
