#include "insights/record_facts.h"

#include <algorithm>
#include <array>

#include "proxy/base/ascii.h"
#include "proxy/logs/records/subject.h"

namespace portvakt::insights {
namespace {

constexpr std::array<std::string_view, 8> kPageExtensions = {"html", "htm",  "xhtml", "php",
                                                             "asp",  "aspx", "jsp",   "cgi"};
constexpr std::array<std::string_view, 16> kDownloadExtensions = {"pdf", "zip",  "doc", "docx", "xls", "xlsx",
                                                                  "ppt", "pptx", "odt", "ods",  "csv", "exe",
                                                                  "msi", "dmg",  "apk", "epub"};
constexpr int kNotFound = 404;
constexpr int kGone = 410;
constexpr int kNotModified = 304;
/// The year 2318: the keys of the store go little further.
constexpr std::uint64_t kLastTime = 11000000000000U;
constexpr std::int64_t kLongestWait = 24 * 3600 * 1000;

std::optional<std::int64_t> read_time(const SourceRecord& record, std::string_view field = "t") {
  const auto milliseconds = ascii::parse_uint(record.field(field));
  if (!milliseconds || *milliseconds > kLastTime) return std::nullopt;
  return static_cast<std::int64_t>(*milliseconds);
}

/// Seconds or milliseconds as a field tells them, in milliseconds; -1: it does not.
std::int64_t read_duration(std::string_view text, std::int64_t unit) {
  const auto number = ascii::parse_uint(text);
  if (!number || *number > static_cast<std::uint64_t>(kLongestWait / unit)) return -1;
  return static_cast<std::int64_t>(*number) * unit;
}

std::string_view without_query(std::string_view path) {
  return path.substr(0, path.find_first_of("?#"));
}

std::string_view extension(std::string_view path) {
  const auto name = path.substr(path.rfind('/') + 1);
  const auto dot = name.rfind('.');
  return dot == std::string_view::npos ? std::string_view() : name.substr(dot + 1);
}

bool is_one_of(std::string_view name, const auto& known) {
  return std::ranges::any_of(known, [&](std::string_view one) { return ascii::iequals(one, name); });
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
  if (!delivered || record.field("method") != "GET") return RequestKind::Other;
  if (is_page_path(path)) return RequestKind::PageView;
  return is_one_of(extension(path), kDownloadExtensions) ? RequestKind::Download : RequestKind::Other;
}

Surroundings surroundings_of(const SourceRecord& record) {
  return {record.field("country"),         record.field("isp"), record.field("browser"),
          record.field("browser_version"), record.field("os"),  record.field("device")};
}

std::optional<HitKind> event_kind(std::string_view name) {
  if (name == "view") return HitKind::ViewEvent;
  if (name == "outbound") return HitKind::Outbound;
  if (name == "download") return HitKind::Download;
  if (name == "form") return HitKind::Form;
  if (name == "leave") return HitKind::Leave;
  return std::nullopt;
}

}  // namespace

bool is_not_found(int status) {
  return status == kNotFound || status == kGone;
}

bool is_redirect(int status) {
  return status >= 300 && status < 400 && status != kNotModified;
}

bool grants_analytics(std::string_view purposes) {
  const auto names = ascii::split(purposes, ',');
  return std::ranges::find(names, "analytics") != names.end();
}

bool is_page_path(std::string_view path) {
  if (path.starts_with("/.")) return false;  // reserved for programs, and for the privacy pages
  const auto name = path.substr(path.rfind('/') + 1);
  return name.find('.') == std::string_view::npos || is_one_of(extension(path), kPageExtensions);
}

std::string_view section_of(std::string_view path) {
  return path.substr(0, path.find('/', 1));
}

std::optional<RequestFacts> read_request(const SourceRecord& record) {
  const auto time = read_time(record);
  RequestFacts facts;
  facts.site = record.field("site");
  if (!time || facts.site.empty()) return std::nullopt;
  const auto path = without_query(record.field("path"));
  facts.time = *time;
  facts.status =
      static_cast<int>(std::min<std::uint64_t>(ascii::parse_uint(record.field("status")).value_or(0), 999));
  facts.kind = kind_of(record, path, facts.status);
  if (facts.kind == RequestKind::Bot) {
    facts.path = path;
    facts.surroundings.browser = record.field("browser");
    return facts;
  }
  facts.consented = grants_analytics(record.field("purposes"));
  for (const auto vendor : ascii::split(record.field("blocked"), ',')) facts.held.push_back(vendor);
  const bool told =
      facts.kind != RequestKind::Other || is_not_found(facts.status) || is_redirect(facts.status);
  if (!told) return facts;
  facts.path = path;
  facts.referrer = referring_host(record.field("referrer"));
  facts.campaign = record.field("campaign");
  facts.surroundings = surroundings_of(record);
  if (facts.kind != RequestKind::PageView) return facts;
  facts.banner = !record.field("banner").empty();
  if (const auto gpc = record.field("gpc"); !gpc.empty()) facts.gpc = gpc == "1";
  if (facts.consented) facts.visitor = record.field("visitor");
  return facts;
}

std::optional<EventFacts> read_event(const SourceRecord& record) {
  const auto time = read_time(record);
  const auto kind = event_kind(record.field("event"));
  EventFacts facts;
  facts.site = record.field("site");
  facts.visitor = record.field("visitor");
  // Nothing that a script tells is kept of anybody who did not consent, whatever the record says.
  if (!time || !kind || facts.site.empty() || facts.visitor.empty()) return std::nullopt;
  if (!grants_analytics(record.field("purposes")) || record.field("device") == "bot") return std::nullopt;
  facts.time = *time;
  facts.kind = *kind;
  facts.path = without_query(record.field("path"));
  facts.target = without_query(record.field("target"));
  facts.milliseconds = read_duration(record.field("seconds"), 1000);
  facts.surroundings = surroundings_of(record);
  facts.screen = record.field("screen");
  return facts;
}

std::optional<ConsentFacts> read_consent(const SourceRecord& record) {
  const auto time = read_time(record);
  ConsentFacts facts;
  facts.site = record.field("site");
  if (!time || facts.site.empty()) return std::nullopt;
  facts.time = *time;
  facts.choice = record.field("choice");
  facts.how = record.field("how");
  facts.purposes = record.field("purposes");
  facts.policy = record.field("policy");
  facts.text = record.field("text");
  facts.language = record.field("language");
  facts.region = record.field("region");
  facts.page = without_query(record.field("page"));
  facts.milliseconds = read_duration(record.field("seconds"), 1000);
  facts.withdrawn = !record.field("withdrawn").empty();
  return facts;
}

std::optional<ErasureFacts> read_erasure(const SourceRecord& record) {
  const auto before = read_time(record, "before");
  const ErasureFacts facts{record.field("site"), record.field("subject"), before.value_or(0)};
  if (!before || facts.site.empty() || !logs::is_subject(facts.subject)) return std::nullopt;
  return facts;
}

}  // namespace portvakt::insights
