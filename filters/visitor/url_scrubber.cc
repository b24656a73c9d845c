#include "filters/visitor/url_scrubber.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "filters/visitor/personal_data.h"
#include "proxy/base/ascii.h"
#include "proxy/http/url.h"

namespace portvakt::visitor {
namespace {

constexpr int kMaxDecodings = 6;
constexpr std::size_t kMaxCampaignValue = 64;
constexpr std::size_t kMaxParameters = 64;

/// Single people, not campaigns: never kept, whatever the allow-list says.
constexpr std::array<std::string_view, 24> kClickIds = {
    "gclid",  "gclsrc", "dclid",  "gbraid", "wbraid",        "fbclid",    "msclkid", "ttclid",
    "twclid", "yclid",  "igshid", "epik",   "sccid",         "rdt_cid",   "mkt_tok", "vero_id",
    "mc_eid", "mc_cid", "_hsenc", "_hsmi",  "hsctatracking", "li_fat_id", "srsltid", "_kx"};

constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kCampaignFields = {
    {{"utm_source", "source"},
     {"utm_medium", "medium"},
     {"utm_campaign", "campaign"},
     {"utm_term", "term"},
     {"utm_content", "content"},
     {"utm_id", "id"}}};

std::string decode_once(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size() && ascii::hex_value(text[i + 1]) >= 0 &&
                        ascii::hex_value(text[i + 2]) >= 0;
    if (!escape) {
      out.push_back(text[i]);
      continue;
    }
    out.push_back(static_cast<char>(ascii::hex_value(text[i + 1]) * 16 + ascii::hex_value(text[i + 2])));
    i += 2;
  }
  return out;
}

/// The text under all its layers of percent-encoding; empty if it has more of them than an honest sender
/// uses.
std::optional<std::string> decode_fully(std::string_view text) {
  std::string plain(text);
  for (int i = 0; i < kMaxDecodings; ++i) {
    std::string next = decode_once(plain);
    if (next == plain) return plain;
    plain = std::move(next);
  }
  return std::nullopt;
}

/// Percent-encodes what a URL's path or query may not hold, and the signs that part one piece from the next.
std::string encode(std::string_view text, std::string_view separators) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > 0x20 && byte < 0x7f && std::string_view("\"<>\\^`{|}").find(c) == std::string_view::npos &&
        separators.find(c) == std::string_view::npos) {
      out.push_back(c);
      continue;
    }
    out.push_back('%');
    out.push_back(kDigits[byte >> 4]);
    out.push_back(kDigits[byte & 15]);
  }
  return out;
}

/// Most segments are short words: too short for a token, with too few digits for a number, nothing encoded.
bool is_short_word(std::string_view segment) {
  std::size_t digits = 0;
  for (const char c : segment) {
    if (ascii::is_digit(c)) {
      ++digits;
    } else if (!ascii::is_alpha(c) && c != '-' && c != '_' && c != '.') {
      return false;
    }
  }
  const bool is_short = digits == 0 ? segment.size() < 20 : segment.size() < 16 && digits < 7;
  return is_short && !ascii::contains(segment, "eyJ");
}

std::string scrub_segment(std::string_view segment) {
  if (is_short_word(segment)) return std::string(segment);
  segment = segment.substr(0, segment.find(';'));  // path parameters carry session ids
  const auto plain = decode_fully(segment);
  if (!plain) return "[token]";
  const std::string masked = mask_personal_data(*plain);
  if (masked != *plain) return encode(masked, "/?#%");
  return encode(segment, "?#");
}

std::string scrub_path(std::string_view path) {
  std::string out;
  while (true) {
    const auto slash = path.find('/');
    out += scrub_segment(path.substr(0, slash));
    if (slash == std::string_view::npos) return out;
    out.push_back('/');
    path.remove_prefix(slash + 1);
  }
}

std::string bounded(std::string text) {
  if (text.size() > UrlScrubber::kMaxLength) text.resize(UrlScrubber::kMaxLength);
  return text;
}

struct Parameter {
  std::string_view name;
  std::string_view value;
};

std::vector<Parameter> read_query(std::string_view query) {
  std::vector<Parameter> parameters;
  for (const auto part : ascii::split(query, '&')) {
    if (parameters.size() == kMaxParameters) break;
    const auto equals = part.find('=');
    parameters.push_back({part.substr(0, equals),
                          equals == std::string_view::npos ? std::string_view() : part.substr(equals + 1)});
  }
  return parameters;
}

/// A form value: plus signs are spaces, then as in a path. The sign of `+47…` is written `%2B`.
std::string scrub_value(std::string_view value) {
  std::string spaced(value);
  std::ranges::replace(spaced, '+', ' ');
  const auto plain = decode_fully(spaced);
  return plain ? encode(mask_personal_data(*plain), "&=#%+?") : "[token]";
}

}  // namespace

UrlScrubber::UrlScrubber(std::vector<std::string> query_allow) : query_allow_(std::move(query_allow)) {
  std::erase_if(query_allow_, [](const std::string& name) {
    return std::ranges::any_of(kClickIds, [&](std::string_view id) { return ascii::iequals(id, name); });
  });
}

std::string UrlScrubber::scrub_target(std::string_view target) const {
  target = target.substr(0, target.find('#'));
  const auto mark = target.find('?');
  std::string out = scrub_path(target.substr(0, mark));
  if (mark != std::string_view::npos) out += scrub_query(target.substr(mark + 1));
  return bounded(std::move(out));
}

std::string UrlScrubber::scrub_query(std::string_view query) const {
  std::string out;
  if (query_allow_.empty()) return out;
  for (const auto& [name, value] : read_query(query)) {
    if (std::ranges::find(query_allow_, name) == query_allow_.end()) continue;
    out.append(out.empty() ? "?" : "&").append(encode(name, "&=#?")).append("=").append(scrub_value(value));
  }
  return out;
}

std::string UrlScrubber::scrub_referrer(std::string_view referrer, bool own_site) const {
  const http::ParsedUrl url = http::parse_url(referrer);
  if (!url.is_network() || (url.scheme != "http" && url.scheme != "https")) return {};
  if (own_site) return bounded(scrub_path(url.path));
  std::string origin = url.scheme + "://" + mask_personal_data(url.host);
  if (!url.port.empty()) origin += ":" + url.port;
  return bounded(encode(origin, "?#"));
}

std::string UrlScrubber::find_campaign(std::string_view query) const {
  const auto parameters = read_query(query);
  std::string out;
  for (const auto& [name, short_name] : kCampaignFields) {
    const auto found = std::ranges::find(parameters, name, &Parameter::name);
    if (found == parameters.end() || found->value.empty()) continue;
    std::string value = scrub_value(found->value);
    if (value.size() > kMaxCampaignValue) value.resize(kMaxCampaignValue);
    if (!out.empty()) out.push_back('&');
    out.append(short_name).append("=").append(value);
  }
  return bounded(std::move(out));
}

}  // namespace portvakt::visitor
