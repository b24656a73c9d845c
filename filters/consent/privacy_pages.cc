#include "filters/consent/privacy_pages.h"

#include <algorithm>

#include "filters/consent/page_frame.h"
#include "filters/consent/privacy_documents.h"
#include "filters/consent/purpose_text.h"
#include "proxy/base/ascii.h"

namespace portvakt::consent {
namespace {

using ascii::escape_html;

filters::Reply json(std::string body) {
  return document_reply(200, "application/json", std::move(body));
}

std::string button(std::string_view value, std::string_view text) {
  return "<button name=\"choice\" value=\"" + std::string(value) + "\">" + escape_html(text) + "</button>";
}

std::string form_head(const ConsentSettings& settings, const Locale& locale) {
  return heading(locale.change) + "<form method=\"post\" action=\"" + escape_html(settings.path) +
         "choice\"><input type=\"hidden\" name=\"from\" value=\"preferences\">"
         "<div class=\"b w\">" +
         button("reject-all", locale.reject) + button("accept-all", locale.accept) +
         "</div><input type=\"hidden\" name=\"return\" value=\"";
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
  std::string out = "<div class=\"b w\">" + button("selected", locale.save) + "</div></form><p>";
  if (is_link(settings.policy_url)) out += link(settings.policy_url, locale.policy) + "</p><p>";
  return out + "<a href=\"";
}

}  // namespace

PrivacyPages::PrivacyPages(const ConsentSettings& settings) : settings_(settings) {
  for (const auto& locale : settings_.locales->all()) {
    languages_.push_back({page_start({settings_, locale}, PagePlace::Choice) + paragraph(locale.about) +
                              heading(locale.your_choice),
                          form_head(settings_, locale), page_tail(settings_, locale)});
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
  page += page_end();
  return page_reply(200, locale, std::move(page));
}

std::string PrivacyPages::state_list(const ConsentState& state, const Locale& locale) const {
  std::string out = "<p>";
  if (state.chosen) {
    out += escape_html(locale.chosen_on) + " " + day(iso_date(state.given_at));
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
  return json(declaration_document(settings_));
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

/// Kept for a while: it is asked for once a choice.
filters::Reply PrivacyPages::script(const std::string& text) {
  auto answer = document_reply(200, "text/javascript; charset=utf-8", text);
  answer.head.headers.set("Cache-Control", "public, max-age=600");
  return answer;
}

filters::Reply PrivacyPages::plain(int status, std::string_view text) {
  return document_reply(status, "text/plain; charset=utf-8", std::string(text) + "\n");
}

}  // namespace portvakt::consent
