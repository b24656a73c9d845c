#include "filters/consent/banner.h"

#include <algorithm>

#include "filters/consent/authorities.h"
#include "filters/consent/purpose_text.h"
#include "proxy/base/ascii.h"

namespace portvakt::consent {
namespace {

using ascii::escape_html;

/// What the guard's script looks for: it takes over a form that has it.
constexpr std::string_view kInPlace = " data-portvakt=\"form\"";
constexpr std::string_view kFormEnd = ">";

std::string opening(std::string_view tag, std::string_view id, const Locale& locale, std::string_view more) {
  return "<" + std::string(tag) + " id=\"" + std::string(id) + "\" lang=\"" + escape_html(locale.language) +
         "\" dir=\"" + escape_html(locale.direction) + "\" " + std::string(more) + ">";
}

/// Buttons of embeds belong to it by its id, wherever they stand.
std::string form_start(const ConsentSettings& settings, std::string_view query = {}) {
  return "<form id=\"portvakt-f\" method=\"post\" action=\"" + escape_html(settings.path) + "choice" +
         std::string(query) + "\"";
}

std::string hidden(std::string_view name) {
  return "<input type=\"hidden\" name=\"" + std::string(name) + "\" value=\"";
}

std::string button(std::string_view value, std::string_view text) {
  return "<button name=\"choice\" value=\"" + std::string(value) + "\">" + escape_html(text) + "</button>";
}

std::string link(std::string_view url, std::string_view text) {
  return "<a href=\"" + escape_html(url) + "\">" + escape_html(text) + "</a>";
}

std::string text_of(const std::map<std::string, std::string, std::less<>>& own, const Locale& locale,
                    const std::string& shipped) {
  const auto found = own.find(locale.language);
  return escape_html(found == own.end() ? shipped : found->second);
}

std::string box(std::string_view name, std::string_view value) {
  return "<label><input type=\"checkbox\" name=\"" + std::string(name) + "\" value=\"" + escape_html(value) +
         "\"><span>";
}

/// The vendors of a purpose that can be allowed without it.
std::string vendor_boxes(const ConsentSettings& settings, const Locale& locale, filters::Purpose purpose) {
  std::string boxes;
  for (const auto& vendor : settings.vendors) {
    if (vendor.purpose != purpose ||
        std::ranges::find(settings.shown_vendors, vendor.id) == settings.shown_vendors.end())
      continue;
    boxes += box("vendor", vendor.id) + escape_html(vendor.name);
    if (!vendor.country.empty()) boxes += " (" + escape_html(vendor.country) + ")";
    boxes += "</span></label>";
  }
  if (boxes.empty()) return {};
  return "<fieldset><legend>" + escape_html(locale.only_some) + "</legend>" + boxes + "</fieldset>";
}

std::string purpose_details(const ConsentSettings& settings, const Locale& locale) {
  std::string out = "<details><summary>" + escape_html(locale.choose) + "</summary>";
  for (const auto purpose : settings.offered) {
    const auto text = purpose_text(settings.names, locale, purpose);
    out += box("purpose", settings.names.name(purpose)) + "<b>" + escape_html(text.name) + "</b>";
    if (!text.text.empty()) out += ": " + escape_html(text.text);
    out += "</span></label>" + vendor_boxes(settings, locale, purpose);
  }
  return out + "<div>" + button("selected", locale.save) + "</div></details>";
}

std::string question_head(const ConsentSettings& settings, const Locale& locale) {
  return opening("section", "portvakt", locale, "aria-labelledby=\"portvakt-h\" data-portvakt=\"ask\"") +
         form_start(settings);
}

std::string question_body(const ConsentSettings& settings, const Locale& locale) {
  std::string out = "\">" + hidden("language") + escape_html(locale.language) + "\">";
  if (settings.theme.logo.starts_with('/'))
    out += "<img src=\"" + escape_html(settings.theme.logo) + "\" alt=\"\">";
  out += "<h2 id=\"portvakt-h\">" + text_of(settings.theme.headings, locale, locale.heading) + "</h2><p>" +
         text_of(settings.theme.intros, locale, locale.intro) + "</p><div>" +
         button("reject-all", locale.reject) + button("accept-all", locale.accept) + "</div>" +
         purpose_details(settings, locale) + "<div>";
  if (is_link(settings.policy_url)) out += link(settings.policy_url, locale.policy);
  return out + "<a href=\"";
}

std::string way_back_head(const Locale& locale) {
  return opening("nav", "portvakt-open", locale, "aria-label=\"" + escape_html(locale.open) + "\"");
}

}  // namespace

Banner::Banner(const ConsentSettings& settings)
    : locales_(settings.locales), path_(settings.path), authority_(settings.authority) {
  for (const auto& locale : locales_->all()) {
    languages_.push_back({question_head(settings, locale), question_body(settings, locale),
                          "\">" + escape_html(locale.vendors) + "</a>", way_back_head(locale),
                          form_start(settings, "?language=" + encode_query(locale.language)),
                          "\">" + escape_html(locale.open) + "</a>" + hidden("return"),
                          button("reject-all", locale.withdraw)});
  }
}

std::string Banner::question(const BannerPlace& place) const {
  const Pieces& pieces = languages_[place.language];
  std::string out = pieces.question_head;
  if (place.in_place) out += kInPlace;
  out += kFormEnd;
  out += hidden("return") + escape_html(place.return_path) + pieces.question_body + privacy_page(place) +
         pieces.question_link + authority(place);
  return out + "</div></form><i></i></section>";
}

std::string Banner::way_back(const BannerPlace& place, Withdrawal withdrawal) const {
  const Pieces& pieces = languages_[place.language];
  std::string out = pieces.way_back_head + pieces.way_back_form;
  if (place.in_place) out += kInPlace;
  out += kFormEnd;
  out += "<a data-portvakt=\"open\" href=\"" + privacy_page(place) + pieces.way_back_link +
         escape_html(place.return_path) + "\">";
  if (withdrawal == Withdrawal::With) out += pieces.withdraw;
  if (place.taken)
    out += "<span role=\"status\">" + escape_html(locales_->all()[place.language].saved) + "</span>";
  return out + "</form></nav>";
}

std::string Banner::authority(const BannerPlace& place) const {
  std::string_view name = authority_.name;
  std::string_view url = authority_.url;
  if (name.empty()) {
    const KnownAuthority* const known = find_authority(place.country);
    if (known == nullptr) return {};
    name = known->name;
    url = known->url;
  }
  return "<span>" + escape_html(locales_->all()[place.language].complaints) + ": " +
         (is_link(url) ? link(url, name) : escape_html(name)) + "</span>";
}

/// In the language that the banner had.
std::string Banner::privacy_page(const BannerPlace& place) const {
  return escape_html(path_) + "?language=" + encode_query(locales_->all()[place.language].language) +
         "&amp;return=" + encode_query(place.return_path);
}

}  // namespace portvakt::consent
