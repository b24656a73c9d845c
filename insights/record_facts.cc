#include "insights/record_facts.h"

#include <algorithm>
#include <array>

#include "proxy/base/ascii.h"

namespace portvakt::insights {
namespace {

constexpr std::array<std::string_view, 8> kPageExtensions = {"html", "htm",  "xhtml", "php",
                                                             "asp",  "aspx", "jsp",   "cgi"};
constexpr int kNotFound = 404;
constexpr int kGone = 410;
constexpr int kNotModified = 304;

bool consented(std::string_view purposes) {
  const auto names = ascii::split(purposes, ',');
  return std::ranges::find(names, "analytics") != names.end();
}

std::optional<Day> read_day(const SourceRecord& record) {
  const auto milliseconds = ascii::parse_uint(record.field("t"));
  // Past the year 9999 no calendar of ours goes.
  if (!milliseconds || *milliseconds > 253402300799999U) return std::nullopt;
  return day_of(WallTime(std::chrono::milliseconds(*milliseconds)));
}

std::string_view without_query(std::string_view path) {
  return path.substr(0, path.find_first_of("?#"));
}

/// `https://news.example` becomes its host, a page of the site's own `/`.
std::string referring_host(std::string_view referrer) {
  const auto scheme = referrer.find("://");
  if (scheme == std::string_view::npos) return referrer.empty() ? "" : "/";
  referrer.remove_prefix(scheme + 3);
  std::string host = ascii::lower(referrer.substr(0, referrer.find('/')));
  return host.starts_with("www.") ? host.substr(4) : host;
}

RequestKind kind_of(const SourceRecord& record, std::string_view path, int status) {
  if (record.field("device") == "bot") return RequestKind::Bot;
  const bool delivered = (status >= 200 && status < 300) || status == kNotModified;
  return delivered && record.field("method") == "GET" && is_page_path(path) ? RequestKind::PageView
                                                                            : RequestKind::Other;
}

}  // namespace

bool is_page_path(std::string_view path) {
  if (path.starts_with("/.")) return false;  // reserved for programs, and for the privacy pages
  const auto name = path.substr(path.rfind('/') + 1);
  const auto dot = name.rfind('.');
  if (dot == std::string_view::npos) return true;
  return std::ranges::any_of(
      kPageExtensions, [&](std::string_view known) { return ascii::iequals(known, name.substr(dot + 1)); });
}

std::optional<RequestFacts> read_request(const SourceRecord& record) {
  const auto day = read_day(record);
  const auto site = record.field("site");
  if (!day || site.empty()) return std::nullopt;
  RequestFacts facts;
  const auto path = without_query(record.field("path"));
  facts.site = site;
  facts.day = *day;
  facts.status =
      static_cast<int>(std::min<std::uint64_t>(ascii::parse_uint(record.field("status")).value_or(0), 999));
  facts.kind = kind_of(record, path, facts.status);
  facts.consented = consented(record.field("purposes"));
  const bool missing = facts.status == kNotFound || facts.status == kGone;
  if (facts.kind == RequestKind::PageView || missing) facts.path = path;
  if (facts.kind == RequestKind::Bot) return facts;
  for (const auto vendor : ascii::split(record.field("blocked"), ',')) facts.held.emplace_back(vendor);
  if (facts.kind != RequestKind::PageView) return facts;
  facts.country = record.field("country");
  facts.browser = record.field("browser");
  facts.device = record.field("device");
  facts.referrer = referring_host(record.field("referrer"));
  facts.purposes = record.field("purposes");
  if (facts.consented) facts.visitor = record.field("visitor");
  return facts;
}

std::optional<ConsentFacts> read_consent(const SourceRecord& record) {
  const auto day = read_day(record);
  const auto site = record.field("site");
  if (!day || site.empty()) return std::nullopt;
  ConsentFacts facts;
  facts.site = site;
  facts.day = *day;
  facts.consented = consented(record.field("purposes"));
  facts.choice = record.field("choice");
  facts.purposes = record.field("purposes");
  facts.region = record.field("region");
  facts.language = record.field("language");
  facts.policy = record.field("policy");
  return facts;
}

}  // namespace portvakt::insights
