#include "filters/consent/declaration_page.h"

#include <algorithm>

#include "filters/consent/consent_cookie.h"
#include "filters/consent/privacy_documents.h"
#include "filters/consent/purpose_text.h"
#include "proxy/base/ascii.h"

namespace portvakt::consent {
namespace {

using ascii::escape_html;
using filters::SeenItem;
using filters::SeenKind;

constexpr std::int64_t kDay = 86'400;

const VendorEntry* find_vendor(const ConsentSettings& settings, std::string_view id) {
  const auto found = std::ranges::find(settings.vendors, id, &VendorEntry::id);
  return found == settings.vendors.end() ? nullptr : &*found;
}

std::string purpose_name(const PageView& view, std::string_view purpose) {
  const auto known = view.settings.names.find(purpose);
  return known ? purpose_text(view.settings.names, view.locale, *known).name : view.locale.rights.unknown;
}

std::string lifetime_text(const RightsTexts& texts, std::int64_t seconds) {
  if (seconds < 0) return texts.unknown;
  if (seconds == 0) return texts.session;
  const auto days = (seconds + kDay - 1) / kDay;
  return std::to_string(days) + " " + texts.days;
}

/// Whether this visitor's choice keeps it back.
bool is_held(const PageView& view, const ConsentState& state, const SeenItem& item) {
  const auto* const vendor = find_vendor(view.settings, item.vendor);
  if (vendor != nullptr && !vendor->held.empty()) return true;
  const auto has = [&](const std::vector<std::string>& list) {
    return std::ranges::find(list, item.vendor) != list.end();
  };
  if (!item.vendor.empty() && has(state.vendors_refused)) return true;
  if (!item.vendor.empty() && has(state.vendors_granted)) return false;
  const auto purpose = view.settings.names.find(item.purpose);
  return purpose && !state.grants(*purpose);
}

std::string vendor_facts(const PageView& view, const VendorEntry& vendor) {
  const auto& texts = view.locale.rights;
  std::string out =
      term(view.locale.purpose, purpose_text(view.settings.names, view.locale, vendor.purpose).name);
  if (!vendor.country.empty()) out += term(view.locale.country, vendor.country);
  if (vendor.agreement)
    out += term(texts.agreement, *vendor.agreement ? texts.agreement_signed : texts.agreement_missing);
  return out;
}

std::string vendor_link(const PageView& view, const VendorEntry& vendor) {
  if (!is_link(vendor.policy_url)) return {};
  return "<a rel=\"noreferrer\" href=\"" + escape_html(vendor.policy_url) + "\">" +
         escape_html(view.locale.their_policy + " (" + vendor.name + ")") + "</a>";
}

/// A partner by its name, or a host that no rule knows.
std::string partner_item(const PageView& view, const ConsentState& state, const SeenItem& item) {
  const auto& texts = view.locale.rights;
  const auto* vendor = find_vendor(view.settings, item.vendor);
  std::string out = "<li class=\"v\"><strong>" + escape_html(vendor ? vendor->name : item.name) + "</strong>";
  if (is_held(view, state, item)) out += " (" + escape_html(texts.held) + ")";
  out += "<dl>";
  out += vendor ? vendor_facts(view, *vendor) : term(view.locale.purpose, purpose_name(view, item.purpose));
  out += term(texts.last_seen, iso_date(item.last)) + "</dl>";
  if (vendor) out += vendor_link(view, *vendor);
  return out + "</li>";
}

/// Each partner once, with its latest day; unknown hosts each by themselves.
std::string partners(const PageView& view, const ConsentState& state, const filters::SiteInventory& seen) {
  std::vector<SeenItem> shown;
  for (const auto& item : seen) {
    if (item.kind != SeenKind::Host) continue;
    const auto same = std::ranges::find_if(
        shown, [&](const SeenItem& one) { return !item.vendor.empty() && one.vendor == item.vendor; });
    if (same == shown.end()) {
      shown.push_back(item);
    } else {
      same->last = std::max(same->last, item.last);
    }
  }
  if (shown.empty()) return paragraph(view.locale.rights.none_seen);
  std::string out = "<ul class=\"v\">";
  for (const auto& item : shown) out += partner_item(view, state, item);
  return out + "</ul>";
}

struct CookieLine {
  std::string name;
  std::string purpose;
  std::string vendor;
  std::string reason;  // English
  std::int64_t declared = filters::kUnknownLifetime;
  std::int64_t seen_lifetime = filters::kUnknownLifetime;
  std::string last_seen;
  bool held = false;
};

std::string cookie_item(const PageView& view, const CookieLine& line) {
  const auto& texts = view.locale.rights;
  std::string out = "<li class=\"v\"><code>" + escape_html(line.name) + "</code>";
  if (line.held) out += " (" + escape_html(texts.held) + ")";
  out += "<dl>" + term(view.locale.purpose, line.purpose);
  if (!line.vendor.empty()) out += term(view.locale.vendor, line.vendor);
  const auto lifetime = line.seen_lifetime >= 0 ? line.seen_lifetime : line.declared;
  out += term(texts.lifetime, lifetime_text(texts, lifetime));
  if (!line.last_seen.empty()) out += term(texts.last_seen, line.last_seen);
  out += "</dl>";
  if (!line.reason.empty()) out += "<span lang=\"en\" dir=\"ltr\">" + escape_html(line.reason) + "</span>";
  return out + "</li>";
}

CookieLine seen_cookie(const PageView& view, const ConsentState& state, const SeenItem& item) {
  CookieLine line{
      item.name,           purpose_name(view, item.purpose), {}, {}, filters::kUnknownLifetime, item.lifetime,
      iso_date(item.last), is_held(view, state, item)};
  if (const auto* vendor = find_vendor(view.settings, item.vendor)) {
    line.vendor = vendor->name;
    for (const auto& fact : vendor->cookies) {
      if (fact.name != item.name) continue;
      line.reason = fact.reason;
      line.declared = fact.seconds;
    }
  }
  return line;
}

std::string cookies(const PageView& view, const ConsentState& state, const filters::SiteInventory& seen) {
  CookieLine own;
  own.name = kConsentCookieName;
  own.purpose = view.locale.necessary.name;
  own.declared = view.settings.cookie_life.count();
  std::string out = "<ul class=\"v\">" + cookie_item(view, own);
  for (const auto& item : seen) {
    if (item.kind == SeenKind::Cookie) out += cookie_item(view, seen_cookie(view, state, item));
  }
  return out + "</ul>";
}

std::string storage(const PageView& view, const ConsentState& state, const filters::SiteInventory& seen) {
  std::string items;
  for (const auto& item : seen) {
    if (item.kind != SeenKind::Storage) continue;
    auto line = seen_cookie(view, state, item);
    line.declared = line.seen_lifetime = filters::kUnknownLifetime;
    items += cookie_item(view, line);
  }
  if (items.empty()) return {};
  return heading(view.locale.rights.storage) + "<ul class=\"v\">" + items + "</ul>";
}

std::string purposes(const PageView& view, const ConsentState& state) {
  const auto line = [&](const PurposeText& text, std::string_view allowed) {
    std::string out =
        "<li class=\"v\"><strong>" + escape_html(text.name) + "</strong>: " + escape_html(allowed);
    if (!text.text.empty()) out += "<br>" + escape_html(text.text);
    return out + "</li>";
  };
  std::string out = "<ul class=\"v\">" + line(view.locale.necessary, view.locale.always_on);
  for (const auto purpose : view.settings.offered) {
    out += line(purpose_text(view.settings.names, view.locale, purpose),
                state.grants(purpose) ? view.locale.allowed : view.locale.not_allowed);
  }
  return out + "</ul>";
}

std::string known_vendors(const PageView& view) {
  if (view.settings.vendors.empty()) return paragraph(view.locale.no_vendors);
  std::string out = "<details><summary>" + escape_html(view.locale.rights.all_partners) + " (" +
                    std::to_string(view.settings.vendors.size()) + ")</summary><ul class=\"v\">";
  for (const auto& vendor : view.settings.vendors) {
    out += "<li class=\"v\"><strong>" + escape_html(vendor.name) + "</strong><dl>" +
           vendor_facts(view, vendor) + "</dl>" + vendor_link(view, vendor) + "</li>";
  }
  return out + "</ul></details>";
}

}  // namespace

std::string declaration_page(const PageView& view, const ConsentState& state) {
  static const filters::SiteInventory kNothing;
  const auto seen = view.settings.inventory ? view.settings.inventory->now() : nullptr;
  const auto& items = seen ? *seen : kNothing;
  const auto& texts = view.locale.rights;
  std::string out = page_start(view, PagePlace::Declaration) + paragraph(texts.declaration_text) +
                    heading(view.locale.purpose) + purposes(view, state) + heading(texts.partners) +
                    partners(view, state, items) + heading(texts.cookies) + cookies(view, state, items) +
                    storage(view, state, items) + heading(view.locale.vendors) + known_vendors(view);
  out += "<p>" + link(view.settings.path + "declaration.json", "declaration.json") + "</p>";
  return out.append(page_end());
}

}  // namespace portvakt::consent
