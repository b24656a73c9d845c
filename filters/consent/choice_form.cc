#include "filters/consent/choice_form.h"

#include <algorithm>

#include "filters/consent/consent_cookie.h"
#include "proxy/base/ascii.h"

namespace portvakt::consent {
namespace {

constexpr std::size_t kMaxReturnPath = 2048;
constexpr std::size_t kMaxLanguage = 16;

/// The text up to a separator, which is taken off `rest` with it.
std::string_view next_part(std::string_view& rest, char separator) {
  const auto end = rest.find(separator);
  const auto part = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  return part;
}

bool offers(const ConsentSettings& settings, filters::Purpose purpose) {
  return std::ranges::find(settings.offered, purpose) != settings.offered.end();
}

void read_vendor(const std::string& id, const ConsentSettings& settings, ChoiceForm& form) {
  const bool known =
      std::ranges::any_of(settings.vendors, [&](const auto& vendor) { return vendor.id == id; });
  const bool repeated = std::ranges::find(form.vendors, id) != form.vendors.end();
  if (known && !repeated && form.vendors.size() < kMaxVendorChoices) form.vendors.push_back(id);
}

void read_field(std::string_view name, const std::string& value, const ConsentSettings& settings,
                ChoiceForm& form, int& choices, std::string& allowed) {
  if (name == "choice") {
    form.choice = value;
    ++choices;
  } else if (name == "purpose") {
    const auto purpose = settings.names.find(value);
    if (purpose && offers(settings, *purpose)) form.granted.add(*purpose);
  } else if (name == "vendor") {
    read_vendor(value, settings, form);
  } else if (name == "return") {
    form.return_path = safe_return_path(value);
  } else if (name == "allow") {
    form.choice = "selected";
    form.adds = true;
    allowed = value;
    ++choices;
  } else if (name == "language") {
    form.language = value.substr(0, kMaxLanguage);
  } else if (name == "from" && value == "preferences") {
    form.source = ConsentSource::Preferences;
  }
}

/// `https://host:port` as its scheme and host in lower case, without a port that goes without saying.
struct Origin {
  bool https = false;
  std::string host;
};

std::string without_default_port(std::string_view authority, bool https) {
  const std::string_view port = https ? ":443" : ":80";
  if (authority.ends_with(port)) authority.remove_suffix(port.size());
  return ascii::lower(authority);
}

std::optional<Origin> parse_origin(std::string_view text) {
  for (const bool https : {true, false}) {
    const std::string_view scheme = https ? "https://" : "http://";
    if (!ascii::istarts_with(text, scheme)) continue;
    return Origin{https, without_default_port(text.substr(scheme.size()), https)};
  }
  return std::nullopt;
}

bool is_own_origin(std::string_view text, const http::RequestHead& head, bool tls) {
  const auto origin = parse_origin(text);
  if (!origin || origin->host.empty()) return false;
  // Over TLS a page of the same name without TLS is somebody else's: anyone on the network can write it.
  // Without TLS the site may still be an https one, behind something that ends TLS before us.
  if (tls && !origin->https) return false;
  return origin->host == without_default_port(head.authority, origin->https);
}

/// The origin of an address: all before the path.
std::string_view origin_of(std::string_view url) {
  const auto authority = url.find("://");
  if (authority == std::string_view::npos) return {};
  return url.substr(0, url.find_first_of("/?#\\", authority + 3));
}

}  // namespace

Result<ChoiceForm> parse_choice_form(std::string_view body, const ConsentSettings& settings) {
  ChoiceForm form;
  int choices = 0;
  std::string allowed;
  while (!body.empty()) {
    auto value = next_part(body, '&');
    const auto name = ascii::decode_form_component(next_part(value, '='));
    read_field(name, ascii::decode_form_component(value), settings, form, choices, allowed);
  }
  if (choices != 1) return failure(ErrorKind::Invalid, "a choice has to be given once", ErrorSide::Client);
  if (form.adds) {
    // What else stands in the form was not meant.
    form.granted = {};
    form.vendors.clear();
    read_vendor(allowed, settings, form);
    if (form.vendors.empty())
      return failure(ErrorKind::Invalid, "that vendor is not known", ErrorSide::Client);
  }
  if (form.choice == "selected") return form;
  form.vendors.clear();
  if (form.choice == "reject-all") {
    form.granted = {};
  } else if (form.choice == "accept-all") {
    form.granted = settings.offered_set();
  } else {
    return failure(ErrorKind::Invalid, "the choice is not one of those offered", ErrorSide::Client);
  }
  return form;
}

bool comes_from_own_page(const http::RequestHead& head, bool tls) {
  const auto& headers = head.headers;
  // A field that comes twice was put together by somebody else than a browser.
  if (headers.count("Sec-Fetch-Site") > 1 || headers.count("Origin") > 1 || headers.count("Referer") > 1)
    return false;
  const auto fetch_site = headers.find("Sec-Fetch-Site");
  if (fetch_site == "same-origin") return true;
  const auto origin = headers.find("Origin");
  if (origin) return is_own_origin(*origin, head, tls);
  if (fetch_site) return false;
  const auto referer = headers.find("Referer");
  return referer && is_own_origin(origin_of(*referer), head, tls);
}

std::string_view safe_return_path(std::string_view path) {
  constexpr std::string_view kRoot = "/";
  if (!path.starts_with('/') || path.starts_with("//") || path.size() > kMaxReturnPath) return kRoot;
  // Browsers read a backslash as a slash and leave out tabs and line ends: `/\host` and `/<tab>/host` would
  // lead away.
  const bool harmless = std::ranges::all_of(path, [](char c) { return c > 0x20 && c < 0x7f && c != '\\'; });
  return harmless ? path : kRoot;
}

}  // namespace portvakt::consent
