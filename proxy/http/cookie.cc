#include "proxy/http/cookie.h"

#include <algorithm>
#include <limits>

#include "proxy/base/ascii.h"

namespace portvakt::http {
namespace {

/// The text up to the next `;`, which is taken off `rest` with it.
std::string_view next_part(std::string_view& rest) {
  const auto end = rest.find(';');
  const auto part = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  return part;
}

bool has_control_character(std::string_view text) {
  return std::ranges::any_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && byte != '\t') || byte == 0x7f;
  });
}

}  // namespace

std::vector<Cookie> parse_cookies(std::string_view field_value) {
  std::vector<Cookie> cookies;
  while (!field_value.empty()) {
    const auto text = ascii::trim(next_part(field_value));
    if (text.empty()) continue;
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) {
      cookies.push_back({{}, text, text});
    } else {
      cookies.push_back({ascii::trim(text.substr(0, equals)), ascii::trim(text.substr(equals + 1)), text});
    }
  }
  return cookies;
}

std::string join_cookies(const std::vector<Cookie>& cookies) {
  std::string out;
  for (const auto& cookie : cookies) {
    if (!out.empty()) out += "; ";
    out += cookie.text;
  }
  return out;
}

std::vector<std::string_view> find_cookies(const HeaderMap& headers, std::string_view name) {
  std::vector<std::string_view> values;
  for (const auto field : headers.all("Cookie")) {
    for (const auto& cookie : parse_cookies(field)) {
      if (cookie.name == name) values.push_back(cookie.value);
    }
  }
  return values;
}

std::optional<std::string_view> SetCookie::find(std::string_view attribute) const {
  for (auto it = attributes.rbegin(); it != attributes.rend(); ++it) {
    if (ascii::iequals(it->name, attribute)) return it->value;
  }
  return std::nullopt;
}

std::string_view SetCookie::domain() const {
  auto host = find("Domain").value_or(std::string_view());
  if (host.starts_with('.')) host.remove_prefix(1);
  return host;
}

std::string_view SetCookie::path() const {
  const auto given = find("Path").value_or(std::string_view());
  return given.starts_with('/') ? given : std::string_view();
}

std::optional<std::int64_t> SetCookie::max_age() const {
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
  for (auto it = attributes.rbegin(); it != attributes.rend(); ++it) {
    if (!ascii::iequals(it->name, "Max-Age")) continue;
    auto digits = it->value;
    const bool negative = digits.starts_with('-');
    if (negative) digits.remove_prefix(1);
    if (digits.empty() || !std::ranges::all_of(digits, ascii::is_digit)) continue;  // as if it were not there
    // More digits than fit is for ever.
    const auto seconds = std::min<std::uint64_t>(ascii::parse_uint(digits).value_or(kMost), kMost);
    return negative ? -static_cast<std::int64_t>(seconds) : static_cast<std::int64_t>(seconds);
  }
  return std::nullopt;
}

std::optional<SetCookie> parse_set_cookie(std::string_view field_value) {
  if (has_control_character(field_value)) return std::nullopt;
  const auto pair = next_part(field_value);
  const auto equals = pair.find('=');
  SetCookie cookie;
  if (equals == std::string_view::npos) {
    cookie.value = ascii::trim(pair);
  } else {
    cookie.name = ascii::trim(pair.substr(0, equals));
    cookie.value = ascii::trim(pair.substr(equals + 1));
  }
  if (cookie.name.empty() && cookie.value.empty()) return std::nullopt;
  if (cookie.name.size() + cookie.value.size() > kMaxCookieBytes) return std::nullopt;
  while (!field_value.empty()) {
    const auto part = next_part(field_value);
    const auto mark = part.find('=');
    const auto name = ascii::trim(part.substr(0, mark));
    const auto value =
        mark == std::string_view::npos ? std::string_view() : ascii::trim(part.substr(mark + 1));
    if (name.empty() || value.size() > kMaxCookieAttributeBytes) continue;
    cookie.attributes.push_back({name, value});
  }
  return cookie;
}

}  // namespace portvakt::http
