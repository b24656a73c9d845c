#include "filters/consent/privacy_documents.h"

#include <array>

#include "filters/consent/consent_cookie.h"
#include "proxy/base/json_text.h"

namespace portvakt::consent {
namespace {

/// The day on which Portvakt's sites began to honour the signal.
constexpr std::string_view kGpcStatementDate = "2026-11-22";

std::string digits(std::int64_t value, std::size_t width) {
  std::string text = std::to_string(value);
  return text.size() < width ? std::string(width - text.size(), '0') + text : text;
}

void append_member_name(std::string& out, std::string_view name) {
  if (!out.empty() && out.back() != '{') out.push_back(',');
  append_json_string(out, name);
  out.push_back(':');
}

void append_list(std::string& out, std::string_view name, const std::vector<std::string>& values) {
  append_member_name(out, name);
  out.push_back('[');
  for (const auto& value : values) {
    if (out.back() != '[') out.push_back(',');
    append_json_string(out, value);
  }
  out.push_back(']');
}

std::vector<std::string> purpose_names(const ConsentSettings& settings, filters::PurposeSet set) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < settings.names.size(); ++i) {
    const auto purpose = static_cast<filters::Purpose>(i);
    if (set.has(purpose)) names.push_back(settings.names.name(purpose));
  }
  return names;
}

std::vector<std::string> refused_names(const ConsentSettings& settings, const ConsentState& state) {
  std::vector<std::string> names;
  for (const auto purpose : settings.offered) {
    if (!state.grants(purpose)) names.push_back(settings.names.name(purpose));
  }
  return names;
}

void append_vendor(std::string& out, const ConsentSettings& settings, const VendorEntry& vendor) {
  std::string entry = "{";
  append_json_member(entry, "id", vendor.id);
  append_json_member(entry, "name", vendor.name);
  append_json_member(entry, "purpose", settings.names.name(vendor.purpose));
  if (!vendor.country.empty()) append_json_member(entry, "country", vendor.country);
  if (!vendor.policy_url.empty()) append_json_member(entry, "policy_url", vendor.policy_url);
  if (vendor.agreement) append_json_member(entry, "agreement", *vendor.agreement ? "signed" : "none");
  if (!vendor.held.empty()) append_json_member(entry, "held", vendor.held);
  if (out.back() != '[') out.push_back(',');
  out += entry + "}";
}

std::string seen_item(const filters::SeenItem& item) {
  std::string out = "{";
  append_json_member(out, "kind", filters::kind_name(item.kind));
  append_json_member(out, "name", item.name);
  if (!item.vendor.empty()) append_json_member(out, "vendor", item.vendor);
  append_json_member(out, "purpose", item.purpose.empty() ? std::string_view("unknown") : item.purpose);
  append_json_member(out, "first_seen", iso_date(item.first));
  append_json_member(out, "last_seen", iso_date(item.last));
  out += ",\"count\":" + std::to_string(item.count) + ",\"held_back\":" + std::to_string(item.held);
  if (item.lifetime != filters::kUnknownLifetime) out += ",\"seconds\":" + std::to_string(item.lifetime);
  return out + "}";
}

/// What traffic has shown. Example pages stay with the operators.
std::string seen_list(const ConsentSettings& settings) {
  if (settings.inventory == nullptr) return {};
  std::string out = ",\"seen\":[";
  for (const auto& item : *settings.inventory->now()) {
    if (out.back() != '[') out.push_back(',');
    out += seen_item(item);
  }
  return out + "]";
}

/// What state and receipt have in common.
void append_choice(std::string& out, const ConsentSettings& settings, const ConsentState& state) {
  append_list(out, "purposes", purpose_names(settings, state.granted));
  append_list(out, "vendors_granted", state.vendors_granted);
  append_list(out, "vendors_refused", state.vendors_refused);
  append_json_member(out, "source", source_name(state.source));
  append_json_member(out, "policy_version", settings.policy_version);
  if (state.chosen) append_json_member(out, "given_at", iso_time(state.given_at));
}

}  // namespace

std::string iso_date(WallTime time) {
  const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(time)};
  return digits(static_cast<int>(day.year()), 4) + "-" + digits(static_cast<unsigned>(day.month()), 2) + "-" +
         digits(static_cast<unsigned>(day.day()), 2);
}

std::string iso_time(WallTime time) {
  const std::chrono::hh_mm_ss clock{
      std::chrono::floor<std::chrono::seconds>(time - std::chrono::floor<std::chrono::days>(time))};
  return iso_date(time) + "T" + digits(clock.hours().count(), 2) + ":" + digits(clock.minutes().count(), 2) +
         ":" + digits(clock.seconds().count(), 2) + "Z";
}

std::string state_document(const ConsentSettings& settings, const ConsentState& state) {
  std::string out = "{";
  append_json_member(out, "site", settings.site);
  append_member_name(out, "asked");
  out += state.chosen ? "true" : "false";
  append_choice(out, settings, state);
  return out + "}";
}

std::string declaration_document(const ConsentSettings& settings) {
  std::string out = "{";
  append_json_member(out, "site", settings.site);
  append_json_member(out, "policy_version", settings.policy_version);
  if (!settings.policy_url.empty()) append_json_member(out, "policy_url", settings.policy_url);
  append_list(out, "purposes", purpose_names(settings, settings.offered_set()));
  out += ",\"vendors\":[";
  for (const auto& vendor : settings.vendors) append_vendor(out, settings, vendor);
  std::string cookie = "{";
  append_json_member(cookie, "name", kConsentCookieName);
  append_json_member(cookie, "purpose", settings.names.name(filters::kNecessary));
  cookie += ",\"seconds\":" + std::to_string(settings.cookie_life.count());
  return out + "],\"cookies\":[" + cookie + "}]" + seen_list(settings) + "}";
}

std::string receipt_document(const ConsentSettings& settings, const ConsentState& state) {
  std::string out = "{";
  append_json_member(out, "schema", "portvakt-receipt-1");
  append_json_member(out, "site", settings.site);
  if (!settings.policy_url.empty()) append_json_member(out, "policy_url", settings.policy_url);
  append_choice(out, settings, state);
  append_list(out, "refused", refused_names(settings, state));
  append_json_member(out, "expires_at", iso_time(state.given_at + settings.life_of(state)));
  append_json_member(out, "withdraw_at", settings.path);
  return out + "}";
}

std::string gpc_document() {
  std::string out = "{\"gpc\":true";
  append_json_member(out, "lastUpdate", kGpcStatementDate);
  return out + "}";
}

}  // namespace portvakt::consent
