#include "filters/consent/banner.h"

#include "filters/consent/purpose_text.h"
#include "proxy/base/ascii.h"

namespace portvakt::consent {
namespace {

using ascii::escape_html;

// Every rule is !important and begins with our id: a site's reset or `button{display:none!important}` loses
// to it. System colours give light, dark and forced colours without a rule more. The section stays hidden
// until its last child has been parsed: a banner at the bottom that grows while a slow page comes in would
// count as layout shift.
constexpr std::string_view kBannerStyle =
    "#portvakt{all:initial!important;color-scheme:light dark!important;position:fixed!important;"
    "inset:auto 0 0!important;z-index:2147483647!important;box-sizing:border-box!important;"
    "max-block-size:60vh!important;overflow:auto!important;padding:16px!important;"
    "font:16px/1.5 system-ui,sans-serif!important;color:CanvasText!important;background:Canvas!important;"
    "border-block-start:2px solid CanvasText!important;display:block!important}"
    "#portvakt:not(:has(>i)){display:none!important}"
    "#portvakt *{all:revert!important;font:inherit!important;color:inherit!important}"
    "#portvakt ::before,#portvakt ::after{content:none!important}"
    "#portvakt form{max-inline-size:60em!important;margin:0 auto!important}"
    "#portvakt h2{font-weight:700!important;margin:0!important}"
    "#portvakt p{margin:4px 0 12px!important}"
    "#portvakt div{display:flex!important;flex-wrap:wrap!important;gap:12px!important}"
    "#portvakt button{flex:1 1 9em!important;min-block-size:44px!important;padding:8px 16px!important;"
    "font-weight:700!important;color:Canvas!important;background:CanvasText!important;"
    "border:2px solid CanvasText!important;border-radius:6px!important;cursor:pointer!important}"
    "#portvakt summary,#portvakt label{display:list-item!important;padding:10px 0!important;"
    "min-block-size:24px!important;cursor:pointer!important}"
    "#portvakt label{display:flex!important;align-items:flex-start!important}"
    "#portvakt "
    "input{flex:none!important;inline-size:24px!important;block-size:24px!important;margin:0!important;"
    "margin-inline-end:10px!important;vertical-align:middle!important}"
    "#portvakt :focus-visible{outline:3px solid CanvasText!important;outline-offset:2px!important}"
    "@media print{#portvakt{display:none!important}}";

// Saves the way over the 303: the page stays where it was scrolled to. Whatever goes wrong, the form goes its
// own way.
constexpr std::string_view kBannerScript =
    "(function(){var f=document.querySelector('#portvakt form');f.onsubmit=function(e){var b=e.submitter;"
    "if(!b||!window.fetch)return;e.preventDefault();var d=new URLSearchParams(new FormData(f));"
    "d.set('choice',b.value);fetch(f.action,{method:'POST',body:d,headers:{Accept:'application/json'}})"
    ".then(function(r){if(!r.ok)throw "
    "r;location.reload()}).catch(function(){f.onsubmit=null;b.click()})}})()";

constexpr std::string_view kWayBackStyle =
    "#portvakt-open{all:initial!important;color-scheme:light dark!important;position:fixed!important;"
    "inset:auto auto 8px 8px!important;z-index:2147483646!important}"
    "#portvakt-open a{all:initial!important;color-scheme:light dark!important;display:block!important;"
    "padding:12px 14px!important;border-radius:6px!important;"
    "font:14px system-ui,sans-serif!important;color:CanvasText!important;background:Canvas!important;"
    "border:1px solid!important;cursor:pointer!important}"
    "#portvakt-open a:focus{outline:3px solid!important}"
    "@media print{#portvakt-open{display:none!important}}";

std::string opening(std::string_view tag, std::string_view id, const Locale& locale, std::string_view label) {
  std::string out = "<" + std::string(tag) + " id=\"" + std::string(id) + "\" lang=\"";
  out += escape_html(locale.language) + "\" dir=\"" + escape_html(locale.direction) + "\" " +
         std::string(label) + ">";
  return out;
}

std::string button(std::string_view value, std::string_view text) {
  return "<button name=\"choice\" value=\"" + std::string(value) + "\">" + escape_html(text) + "</button>";
}

std::string purpose_details(const ConsentSettings& settings, const Locale& locale) {
  std::string out = "<details><summary>" + escape_html(locale.choose) + "</summary>";
  for (const auto purpose : settings.offered) {
    const auto& name = settings.names.name(purpose);
    const auto text = purpose_text(settings.names, locale, purpose);
    out += "<label><input type=\"checkbox\" name=\"purpose\" value=\"" + escape_html(name) + "\">" +
           escape_html(text.name);
    if (!text.text.empty()) out += ": " + escape_html(text.text);
    out += "</label>";
  }
  return out + "<div>" + button("selected", locale.save) + "</div></details>";
}

std::string question_head(const ConsentSettings& settings, const Locale& locale) {
  std::string out = opening("section", "portvakt", locale, "aria-labelledby=\"portvakt-h\"");
  out += "<style>" + std::string(kBannerStyle) + "</style><form method=\"post\" action=\"" +
         escape_html(settings.path) + "choice\"><h2 id=\"portvakt-h\">" + escape_html(locale.heading) +
         "</h2><p>" + escape_html(locale.intro);
  if (is_link(settings.policy_url)) {
    out += " <a href=\"" + escape_html(settings.policy_url) + "\">" + escape_html(locale.policy) + "</a>";
  }
  return out + "</p><input type=\"hidden\" name=\"return\" value=\"";
}

std::string question_tail(const ConsentSettings& settings, const Locale& locale) {
  return "\"><div>" + button("reject-all", locale.reject) + button("accept-all", locale.accept) + "</div>" +
         purpose_details(settings, locale) + "</form>";
}

std::string way_back_head(const ConsentSettings& settings, const Locale& locale) {
  return opening("nav", "portvakt-open", locale, "aria-label=\"" + escape_html(locale.open) + "\"") +
         "<style>" + std::string(kWayBackStyle) + "</style><a data-portvakt=\"open\" href=\"" +
         escape_html(settings.path) + "?return=";
}

}  // namespace

std::string_view banner_style() {
  return kBannerStyle;
}
std::string_view banner_script() {
  return kBannerScript;
}
std::string_view way_back_style() {
  return kWayBackStyle;
}

Banner::Banner(const ConsentSettings& settings) {
  for (const auto& locale : settings.locales->all()) {
    languages_.push_back({question_head(settings, locale), question_tail(settings, locale),
                          way_back_head(settings, locale), "\">" + escape_html(locale.open) + "</a></nav>"});
  }
}

std::string Banner::question(std::size_t language, std::string_view return_path, Script script) const {
  const Pieces& pieces = languages_[language];
  std::string out = pieces.question_head + escape_html(return_path) + pieces.question_tail;
  if (script == Script::With) {
    out += "<script>";
    out += kBannerScript;
    out += "</script>";
  }
  return out + "<i></i></section>";
}

std::string Banner::way_back(std::size_t language, std::string_view return_path) const {
  const Pieces& pieces = languages_[language];
  return pieces.way_back_head + encode_query(return_path) + pieces.way_back_tail;
}

}  // namespace portvakt::consent
