#include "filters/consent/privacy_pages.h"

#include <algorithm>

#include "filters/consent/privacy_documents.h"
#include "filters/consent/purpose_text.h"
#include "proxy/base/ascii.h"
#include "proxy/base/crypto.h"

namespace portvakt::consent {
namespace {

using ascii::escape_html;

constexpr std::string_view kPageStyle =
    ":root{color-scheme:light dark;font:100%/1.6 system-ui,sans-serif;color:CanvasText;background:Canvas}"
    "body{margin:0}main{max-width:44em;margin:0 auto;padding:24px 16px;overflow-wrap:anywhere}"
    "h1{line-height:1.25}a{color:inherit;display:inline-block;padding:4px 0}"
    "fieldset{border:1px solid;border-radius:6px;margin:0 0 16px;padding:8px 16px}legend{font-weight:700}"
    "label{display:flex;gap:12px;align-items:flex-start;padding:10px 0;cursor:pointer}"
    "label.a{border:2px solid;border-radius:6px;margin:4px -10px;padding:8px}"
    "input{flex:none;inline-size:24px;block-size:24px;margin:0}"
    ".b{display:flex;flex-wrap:wrap;gap:12px;margin:0 0 12px}"
    "button{flex:1 1 12em;min-block-size:44px;padding:8px 16px;font:inherit;font-weight:700;color:Canvas;"
    "background:CanvasText;border:2px solid CanvasText;border-radius:6px;cursor:pointer}"
    ":focus-visible{outline:3px solid CanvasText;outline-offset:2px}"
    "li.v{padding:8px 0;border-block-end:1px solid}ul.v{list-style:none;padding:0}"
    "dl{margin:0;display:flex;flex-wrap:wrap;gap:0 20px}dl div{display:flex;gap:6px}dd{margin:0}";

filters::Reply reply(int status, std::string_view type, std::string body) {
  filters::Reply answer;
  answer.head.status = status;
  answer.head.headers.add("Content-Type", type);
  answer.head.headers.add("Cache-Control", "no-store");
  answer.head.headers.add("X-Content-Type-Options", "nosniff");
  answer.head.headers.add("Cross-Origin-Resource-Policy", "same-origin");
  answer.body = std::move(body);
  return answer;
}

filters::Reply json(std::string body) {
  return reply(200, "application/json", std::move(body));
}

std::string page_policy() {
  return "default-src 'none'; style-src 'sha256-" + crypto::base64(crypto::sha256(kPageStyle)) +
         "'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
}

std::string link(std::string_view url, std::string_view text) {
  return "<a href=\"" + escape_html(url) + "\">" + escape_html(text) + "</a>";
}

std::string button(std::string_view value, std::string_view text) {
  return "<button name=\"choice\" value=\"" + std::string(value) + "\">" + escape_html(text) + "</button>";
}

std::string heading(std::string_view text) {
  return "<h2>" + escape_html(text) + "</h2>";
}

std::string page_head(const Locale& locale) {
  return "<!doctype html><html lang=\"" + escape_html(locale.language) + "\" dir=\"" +
         escape_html(locale.direction) +
         "\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
         "content=\"width=device-width,initial-scale=1\">"
         "<meta name=\"robots\" content=\"noindex\"><title>" +
         escape_html(locale.title) + "</title><style>" + std::string(kPageStyle) +
         "</style></head><body><main><h1>" + escape_html(locale.title) + "</h1><p>" +
         escape_html(locale.about) + "</p>" + heading(locale.your_choice);
}

std::string form_head(const ConsentSettings& settings, const Locale& locale) {
  return heading(locale.change) + "<form method=\"post\" action=\"" + escape_html(settings.path) +
         "choice\"><input type=\"hidden\" name=\"from\" value=\"preferences\">"
         "<div class=\"b\">" +
         button("reject-all", locale.reject) + button("accept-all", locale.accept) +
         "</div><input type=\"hidden\" name=\"return\" value=\"";
}

std::string term(std::string_view name, std::string_view value) {
  return "<div><dt>" + escape_html(name) + ":</dt><dd>" + escape_html(value) + "</dd></div>";
}

std::string vendor_item(const ConsentSettings& settings, const Locale& locale, const VendorEntry& vendor) {
  std::string out = "<li class=\"v\"><strong>" + escape_html(vendor.name) + "</strong><dl>" +
                    term(locale.purpose, purpose_text(settings.names, locale, vendor.purpose).name);
  if (!vendor.country.empty()) out += term(locale.country, vendor.country);
  out += "</dl>";
  if (is_link(vendor.policy_url)) {
    out += "<a rel=\"noreferrer\" href=\"" + escape_html(vendor.policy_url) + "\">" +
           escape_html(locale.their_policy + " (" + vendor.name + ")") + "</a>";
  }
  return out + "</li>";
}

struct BoxState {
  bool asked;  // what the visitor came for
  bool granted;
};

/// One vendor by name, apart from its purpose: the one that a placeholder led here for, or one allowed so
/// before.
std::string vendor_box(const ConsentSettings& settings, const Locale& locale, const VendorEntry& vendor,
                       BoxState state) {
  std::string out = state.asked ? "<label class=\"a\">" : "<label>";
  out += "<input type=\"checkbox\" name=\"vendor\" value=\"" + escape_html(vendor.id) + "\"";
  if (state.granted) out += " checked";
  if (state.asked) out += " autofocus";
  return out + "><span><strong>" + escape_html(vendor.name) + "</strong> (" + escape_html(locale.purpose) +
         ": " + escape_html(purpose_text(settings.names, locale, vendor.purpose).name) + ")</span></label>";
}

std::string page_tail(const ConsentSettings& settings, const Locale& locale) {
  std::string out =
      "<div class=\"b\">" + button("selected", locale.save) + "</div></form>" + heading(locale.vendors);
  if (settings.vendors.empty()) {
    out += "<p>" + escape_html(locale.no_vendors) + "</p>";
  } else {
    out += "<ul class=\"v\">";
    for (const auto& vendor : settings.vendors) out += vendor_item(settings, locale, vendor);
    out += "</ul>";
  }
  out += "<p>";
  if (is_link(settings.policy_url)) out += link(settings.policy_url, locale.policy) + "</p><p>";
  return out + "<a href=\"";
}

}  // namespace

PrivacyPages::PrivacyPages(const ConsentSettings& settings)
    : settings_(settings), declaration_(declaration_document(settings)), policy_(page_policy()) {
  for (const auto& locale : settings_.locales->all()) {
    languages_.push_back({page_head(locale), form_head(settings_, locale), page_tail(settings_, locale)});
  }
}

filters::Reply PrivacyPages::preferences(const ConsentState& state, std::size_t language,
                                         std::string_view return_path, std::string_view asked_vendor) const {
  const Pieces& pieces = languages_[language];
  const Locale& locale = settings_.locales->all()[language];
  // A choice made here leads back here, so that the visitor sees what is now in force.
  const std::string here = settings_.path + "?return=" + encode_query(return_path);
  std::string page = pieces.head + state_list(state, locale) + pieces.form + escape_html(here) + "\">" +
                     boxes(state, locale, asked_vendor) + pieces.tail + escape_html(return_path) + "\">" +
                     escape_html(locale.back) + "</a></p>";
  if (state.chosen) page += "<p>" + link(settings_.path + "receipt.json", locale.receipt) + "</p>";
  page += "</main></body></html>";
  auto answer = reply(200, "text/html; charset=utf-8", std::move(page));
  answer.head.headers.add("Content-Language", locale.language);
  answer.head.headers.add("Content-Security-Policy", policy_);
  // Not no-referrer: browsers would then send `Origin: null` with the form.
  answer.head.headers.add("Referrer-Policy", "same-origin");
  return answer;
}

std::string PrivacyPages::state_list(const ConsentState& state, const Locale& locale) const {
  std::string out = "<p>";
  if (state.chosen) {
    const auto day = iso_date(state.given_at);
    out += escape_html(locale.chosen_on) + " <time datetime=\"" + day + "\">" + day + "</time>";
  } else {
    out += escape_html(state.source == ConsentSource::Gpc ? locale.gpc_heard : locale.not_chosen);
  }
  out += "</p><ul><li>" + escape_html(locale.necessary.name) + ": " + escape_html(locale.always_on) + "</li>";
  for (const auto purpose : settings_.offered) {
    out += "<li>" + escape_html(purpose_text(settings_.names, locale, purpose).name) + ": " +
           escape_html(state.grants(purpose) ? locale.allowed : locale.not_allowed) + "</li>";
  }
  return out + "</ul>";
}

std::string PrivacyPages::boxes(const ConsentState& state, const Locale& locale,
                                std::string_view asked_vendor) const {
  std::string out = "<fieldset><legend>" + escape_html(locale.choose) + "</legend>";
  for (const auto purpose : settings_.offered) {
    const auto text = purpose_text(settings_.names, locale, purpose);
    out += "<label><input type=\"checkbox\" name=\"purpose\" value=\"" +
           escape_html(settings_.names.name(purpose)) + "\"";
    // Nothing is ticked for a visitor who has not chosen, whatever the region allows: a box ticked in advance
    // is no consent.
    if (state.chosen && state.grants(purpose)) out += " checked";
    out += "><span>" + escape_html(text.name);
    if (!text.text.empty()) out += ": " + escape_html(text.text);
    out += "</span></label>";
  }
  for (const auto& vendor : settings_.vendors) {
    const bool asked = vendor.id == asked_vendor;
    const bool granted =
        state.chosen && std::ranges::find(state.vendors_granted, vendor.id) != state.vendors_granted.end();
    if (asked || granted) out += vendor_box(settings_, locale, vendor, {asked, granted});
  }
  return out + "</fieldset>";
}

filters::Reply PrivacyPages::state(const ConsentState& state) const {
  return json(state_document(settings_, state));
}

filters::Reply PrivacyPages::declaration() const {
  return json(declaration_);
}

filters::Reply PrivacyPages::receipt(const ConsentState& state) const {
  if (!state.chosen) return plain(404, "No choice has been made yet.");
  auto answer = json(receipt_document(settings_, state));
  answer.head.headers.add("Content-Disposition", "attachment; filename=\"privacy-receipt.json\"");
  return answer;
}

filters::Reply PrivacyPages::gpc_support() {
  return json(gpc_document());
}

filters::Reply PrivacyPages::plain(int status, std::string_view text) {
  return reply(status, "text/plain; charset=utf-8", std::string(text) + "\n");
}

}  // namespace portvakt::consent
