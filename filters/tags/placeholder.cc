#include "filters/tags/placeholder.h"

#include <algorithm>
#include <array>

#include "filters/consent/purpose_text.h"
#include "proxy/base/ascii.h"

namespace portvakt::tags {
namespace {

std::string attribute_or_empty(html::Element& element, std::string_view name) {
  const auto value = element.attribute(name);
  return value ? std::string(*value) : std::string();
}

/// `640`, `640px` or `50%` as CSS has it; empty for anything else.
std::string css_length(std::string_view text) {
  text = ascii::trim(text);
  std::size_t digits = 0;
  while (digits < text.size() && ascii::is_digit(text[digits])) ++digits;
  if (digits == 0 || digits > 5) return {};
  const std::string_view unit = text.substr(digits);
  if (unit == "%") return std::string(text);
  return unit.empty() || unit == "px" ? std::string(text.substr(0, digits)) + "px" : std::string();
}

bool is_tiny(const std::string& length) {
  return length == "0px" || length == "1px" || length == "0%";
}

std::string encode_component(std::string_view text) {
  std::string out;
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  for (const char c : text) {
    if (ascii::is_alnum(c) || c == '-' || c == '_' || c == '.' || c == '/') {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += '%', out += kHex[byte >> 4], out += kHex[byte & 15];
    }
  }
  return out;
}

/// The embed's own size comes last, so that it wins over the defaults in front of it.
std::string make_style(html::Element& element) {
  std::string style =
      "display:inline-block;box-sizing:border-box;max-width:100%;overflow:auto;padding:1em;border:1px solid;";
  for (const char* name : {"width", "height"}) {
    const std::string length = css_length(attribute_or_empty(element, name));
    if (!length.empty()) style.append(name).append(":").append(length).append(";");
  }
  return style + attribute_or_empty(element, "style");
}

/// Three words that every language of the banner has already: the purpose, what became of it, and the way
/// out.
struct Words {
  std::string purpose;
  std::string_view held = "not allowed";
  std::string_view change = "Change your choice";
  std::string attributes;  // of the element that holds them
};

Words words_for(const PageJudge& judge, filters::Purpose purpose) {
  const auto& names = judge.policy().rules().purposes;
  Words words;
  const consent::Locale* const locale = judge.locale();
  if (locale == nullptr) {
    words.purpose = names.name(purpose);
    return words;
  }
  words.purpose = consent::purpose_text(names, *locale, purpose).name;
  words.held = locale->not_allowed, words.change = locale->change;
  words.attributes = " lang=\"" + ascii::escape_html(locale->language) + "\" dir=\"" +
                     ascii::escape_html(locale->direction) + "\"";
  return words;
}

}  // namespace

bool deserves_placeholder(const PageJudge& judge, html::Element& element) {
  static constexpr std::array<std::string_view, 9> kSeen{"embed",  "social", "chat",   "form",   "widget",
                                                         "survey", "login",  "search", "captcha"};
  const Vendor* vendor = judge.last().vendor;
  if (vendor != nullptr && std::ranges::find(kSeen, vendor->kind) == kSeen.end()) return false;
  if (element.has_attribute("hidden")) return false;
  for (const char* name : {"width", "height"}) {
    if (is_tiny(css_length(attribute_or_empty(element, name)))) return false;
  }
  std::string style = ascii::lower(attribute_or_empty(element, "style"));
  std::erase_if(style, [](char c) { return c == ' '; });
  return !ascii::contains(style, "display:none") && !ascii::contains(style, "visibility:hidden");
}

std::string make_placeholder(const PageJudge& judge, html::Element& element) {
  const Verdict& verdict = judge.last();
  const std::string id =
      verdict.vendor != nullptr ? verdict.vendor->id : std::string(judge.last_url().plain_host());
  const std::string name = ascii::escape_html(verdict.vendor != nullptr ? verdict.vendor->name : id);
  const auto& rules = judge.policy().rules();
  const std::string purpose = ascii::escape_html(rules.purposes.name(verdict.purpose));
  const std::string link = rules.consent_path + "?vendor=" + encode_component(id) +
                           "&return=" + encode_component(judge.page().path);

  std::string classes = "portvakt-embed";
  if (const auto own = element.attribute("class")) classes.append(" ").append(*own);
  std::string out = "<span class=\"" + ascii::escape_html(classes) + "\"";
  if (const auto own = element.attribute("id")) out += " id=\"" + ascii::escape_html(*own) + "\"";
  out += " data-vendor=\"" + ascii::escape_html(id) + "\" data-purpose=\"" + purpose + "\" style=\"" +
         ascii::escape_html(make_style(element)) + "\"";
  const Words words = words_for(judge, verdict.purpose);
  out += words.attributes + "><strong>" + name + "</strong><br>";
  out += ascii::escape_html(words.purpose) + ": " + ascii::escape_html(words.held) + "<br>";
  out += "<a href=\"" + ascii::escape_html(link) + "\">" + ascii::escape_html(words.change) + "</a></span>";
  return out;
}

}  // namespace portvakt::tags
