#include "config/value.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "config/address_value.h"
#include "config/environment.h"
#include "config/option_text.h"
#include "config/secret_mask.h"
#include "config/units.h"
#include "proxy/base/ascii.h"

namespace portvakt::config {
namespace {

constexpr std::size_t kLongestName = 64;
constexpr std::size_t kLongestText = 4096;

auto fault(std::string text, std::string suggestion = {}) {
  return tl::unexpected<Fault>(Fault{std::move(text), std::move(suggestion)});
}

auto not_a(Kind kind, std::string_view text) {
  return fault(in_backticks(text) + " is not " + std::string(describe(kind)));
}

bool consists_of(std::string_view text, std::string_view also, std::size_t longest) {
  if (text.empty() || text.size() > longest) return false;
  return std::ranges::all_of(text, [&](char c) { return ascii::is_alnum(c) || also.find(c) != also.npos; });
}

bool is_name(std::string_view text) {
  return consists_of(text, "._-", kLongestName) && ascii::is_alnum(text.front()) &&
         ascii::lower(text) == text;
}

/// A cookie name as RFC 6265 section 4.1.1 has it (a token); `*` is a token character and our wildcard.
bool is_cookie_pattern(std::string_view text) {
  return consists_of(text, "!#$%&'*+-.^_`|~[]", 256);
}

bool is_path_pattern(std::string_view text) {
  return text.starts_with('/') && text.size() <= kLongestText &&
         std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f && c != '?' && c != '#'; });
}

Checked<std::string> parse_country(const std::string& text) {
  const bool two_letters = text.size() == 2 && ascii::is_alpha(text[0]) && ascii::is_alpha(text[1]);
  if (!two_letters || ascii::lower(text) == text)
    return fault(in_backticks(text) + " is not " + std::string(describe(Kind::CountryCode)));
  std::string upper = text;
  std::ranges::transform(upper, upper.begin(),
                         [](char c) { return c >= 'a' ? static_cast<char>(c - 32) : c; });
  return upper;
}

Checked<Value> parse_number(const Option& option, std::string_view text, Value value) {
  std::optional<std::uint64_t> number;
  if (option.kind == Kind::Duration) number = parse_duration(text);
  if (option.kind == Kind::Size) number = parse_size(text);
  if (option.kind == Kind::Integer) number = ascii::parse_uint(text);
  if (!number) {
    const bool bare = option.kind == Kind::Duration && ascii::parse_uint(text);
    if (bare)
      return fault(in_backticks(text) + " has no unit", "write " + displayable(text) + "s for seconds");
    return not_a(option.kind, text);
  }
  if (*number < option.least || (option.most != 0 && *number > option.most)) {
    return fault(in_backticks(text) + " is out of range", "allowed: " + format_range(option));
  }
  value.number = *number;
  return value;
}

Checked<Value> parse_word(const Option& option, std::string_view text, Value value) {
  const auto found = std::ranges::find(option.words, text);
  if (found != option.words.end()) {
    value.number = static_cast<std::uint64_t>(found - option.words.begin());
    return value;
  }
  std::string all;
  for (const auto word : option.words) all += (all.empty() ? "" : ", ") + std::string(word);
  return fault(in_backticks(text) + " is not one of " + all,
               did_you_mean(ascii::lower(text), {option.words.begin(), option.words.end()}));
}

Checked<Value> parse_flag(std::string_view text, Value value) {
  for (const std::string_view word : {"on", "true", "yes"}) {
    if (ascii::iequals(text, word)) {
      value.number = 1;
      return value;
    }
  }
  for (const std::string_view word : {"off", "false", "no"}) {
    if (ascii::iequals(text, word)) return value;
  }
  return not_a(Kind::Flag, text);
}

std::filesystem::path resolve(std::string_view text, const std::filesystem::path& base_dir) {
  return (base_dir / std::filesystem::path(std::string(text))).lexically_normal();
}

Checked<Value> parse_secret(Kind kind, std::string_view text, const std::filesystem::path& base_dir,
                            Value value) {
  value.text.clear();
  if (text.starts_with("file:")) {
    if (text.size() == 5) return fault("`file:` names no file", "write file:/path/to/the/secret");
    value.secret.file = resolve(text.substr(5), base_dir);
    return value;
  }
  if (kind == Kind::ConsentKey && text.size() < 32) {
    return fault("a consent key needs at least 32 characters",
                 "write file:PATH; the file is made on first start");
  }
  if (kind == Kind::RedisUrl) {
    if (auto url = parse_redis_url(text); !url) return tl::unexpected<Fault>(url.error());
  }
  value.secret.value = text;
  return value;
}

Checked<Value> parse_address(const std::string& text, Kind kind, const std::filesystem::path& base_dir,
                             Value value) {
  if (kind == Kind::AdminAddress && text.starts_with("unix:")) {
    if (text.size() == 5) return fault("`unix:` names no socket", "write unix:/run/portvakt/admin.sock");
    value.address.socket = resolve(std::string_view(text).substr(5), base_dir);
    return value;
  }
  return parse_tcp_address(text).map([&](ListenAddress address) {
    value.address = std::move(address);
    return std::move(value);
  });
}

bool is_colour(std::string_view text) {
  return text.size() == 7 && text[0] == '#' &&
         text.find_first_not_of("0123456789abcdefABCDEF", 1) == std::string_view::npos;
}

bool is_site_path(std::string_view text) {
  return text.size() <= kLongestText && text.starts_with('/') && !text.starts_with("//") &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f && c != '\\'; });
}

bool is_language(std::string_view text) {
  return text.size() >= 2 && text.size() <= 16 &&
         std::ranges::all_of(text, [](char c) { return ascii::is_alnum(c) || c == '-'; });
}

/// Kinds whose value is the text itself.
Checked<Value> parse_plain(Kind kind, const std::string& text, Value value) {
  const bool good =
      (kind == Kind::Text && text.size() <= kLongestText) || (kind == Kind::Name && is_name(text)) ||
      (kind == Kind::RedisPrefix && consists_of(text, "._-:", kLongestName)) ||
      (kind == Kind::QueryName && consists_of(text, "._-[]~", kLongestName)) ||
      (kind == Kind::PathPattern && is_path_pattern(text)) || (kind == Kind::VendorId && is_name(text)) ||
      (kind == Kind::Colour && is_colour(text)) || (kind == Kind::SitePath && is_site_path(text));
  if (!good) return not_a(kind, text);
  return value;
}

Checked<Value> keep_text(Checked<std::string> text, Value value) {
  return text.map([&](std::string kept) {
    value.text = std::move(kept);
    return std::move(value);
  });
}

Checked<Value> parse_by_kind(const Option& option, const std::string& text,
                             const std::filesystem::path& base_dir) {
  Value value;
  value.text = text;
  switch (option.kind) {
    case Kind::Duration:
    case Kind::Size:
    case Kind::Integer:
      return parse_number(option, text, std::move(value));
    case Kind::Choice:
      return parse_word(option, text, std::move(value));
    case Kind::Flag:
      return parse_flag(text, std::move(value));
    case Kind::File:
      value.path = resolve(text, base_dir);
      return value;
    case Kind::TcpAddress:
    case Kind::AdminAddress:
      return parse_address(text, option.kind, base_dir, std::move(value));
    case Kind::ConsentKey:
    case Kind::RedisUrl:
      return parse_secret(option.kind, text, base_dir, std::move(value));
    case Kind::Host:
      return keep_text(parse_host(text), std::move(value));
    case Kind::UrlPath:
      return keep_text(parse_url_path(text), std::move(value));
    case Kind::Link:
      return keep_text(parse_link(text), std::move(value));
    case Kind::CountryCode:
      return keep_text(parse_country(text), std::move(value));
    case Kind::Upstream:
      return parse_upstream(text).map([&](Upstream upstream) {
        value.upstream = std::move(upstream);
        return std::move(value);
      });
    case Kind::Network:
      if (const auto network = IpNetwork::parse(text)) {
        value.network = *network;
        return value;
      }
      return fault(in_backticks(text) + " is not an address block",
                   "write one such as 10.0.0.0/8, with zeros after the prefix");
    default:
      return parse_plain(option.kind, text, std::move(value));
  }
}

}  // namespace

Checked<Value> parse_value(const Option& option, const std::string& written,
                           const std::filesystem::path& base_dir) {
  const auto text = expand_environment(written);
  if (!text) return tl::unexpected<Fault>(text.error());
  if (text->empty()) return fault("the value is empty");
  auto value = parse_by_kind(option, *text, base_dir);
  // A variable's value may be a secret even where the option is not: only its name is shown.
  if (!value && *text != written && !is_secret(option.kind)) {
    return fault("the value of `" + displayable(written) + "` is not " + std::string(describe(option.kind)));
  }
  return value;
}

Checked<std::string> parse_key(const Option& option, const std::string& key) {
  switch (option.key_kind) {
    case Kind::CountryCode:
      return parse_country(key);
    case Kind::VendorId:
      if (is_name(key)) return key;
      break;
    case Kind::CookiePattern:
      if (is_cookie_pattern(key)) return key;
      break;
    case Kind::LanguageTag:
      if (is_language(key)) return ascii::lower(key);
      break;
    default:
      return key;
  }
  return fault(in_backticks(key) + " is not " + std::string(describe(option.key_kind)));
}

bool is_secret(Kind kind) {
  return kind == Kind::ConsentKey || kind == Kind::RedisUrl;
}

}  // namespace portvakt::config
