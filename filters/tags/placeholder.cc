#include "filters/tags/placeholder.h"

#include <algorithm>
#include <array>

#include "filters/consent/purpose_text.h"
#include "proxy/base/ascii.h"
#include "proxy/base/crypto.h"

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

/// Where the embed would have stood and how large: its own style, and the size of its attributes before that.
/// How a placeholder looks otherwise is the banner's style sheet's to say.
std::string make_style(html::Element& element) {
  std::string style;
  for (const char* name : {"width", "height"}) {
    const std::string length = css_length(attribute_or_empty(element, name));
    if (!length.empty()) style.append(name).append(":").append(length).append(";");
  }
  return style + attribute_or_empty(element, "style");
}

struct Words {
  std::string purpose;
  std::string_view held = "not allowed";
  std::string_view about = "Content of another company. It is loaded once you allow it.";
  std::string_view once = "Show once";
  std::string_view always = "Always allow";
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
  words.held = locale->not_allowed, words.change = locale->change, words.about = locale->embed_held;
  words.once = locale->show_once, words.always = locale->allow_vendor;
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

std::string make_placeholder(PageJudge& judge, html::Element& element, std::string_view address) {
  const Verdict& verdict = judge.last();
  const std::string id = ascii::escape_html(
      verdict.vendor != nullptr ? verdict.vendor->id : std::string(judge.last_url().plain_host()));
  const std::string name = verdict.vendor != nullptr ? ascii::escape_html(verdict.vendor->name) : id;
  const auto& rules = judge.policy().rules();
  const Words words = words_for(judge, verdict.purpose);

  std::string classes = "portvakt-embed";
  if (const auto own = element.attribute("class")) classes.append(" ").append(*own);
  std::string out = "<span class=\"" + ascii::escape_html(classes) + "\"";
  if (const auto own = element.attribute("id")) out += " id=\"" + ascii::escape_html(*own) + "\"";
  out += " data-vendor=\"" + id + "\" data-purpose=\"" +
         ascii::escape_html(rules.purposes.name(verdict.purpose)) + "\"";
  if (const auto style = make_style(element); !style.empty())
    out += " style=\"" + ascii::escape_html(style) + "\"";
  out += words.attributes + ">" + judge.take_embed_style() + "<b>" + name + "</b><br>" +
         ascii::escape_html(words.purpose) + ": " + ascii::escape_html(words.held) + "<br>" +
         ascii::escape_html(words.about) + "<br>";
  // A catalogue's vendor can be allowed for good, where the page has the form for that.
  if (verdict.vendor != nullptr && judge.page_has_form()) {
    out += "<button form=\"portvakt-f\" name=\"allow\" value=\"" + id + "\">" +
           ascii::escape_html(words.always) + "</button>";
  }
  // The address is written so that nothing which looks for addresses follows it. In strict mode the page's
  // policy would refuse the embed anyway.
  if (judge.last_url().is_network() && rules.mode != Mode::Strict) {
    out += "<button type=\"button\" data-portvakt=\"once\" value=\"" + crypto::base64(address) + "\">" +
           ascii::escape_html(words.once) + "</button>";
  }
  return out + "<a href=\"" + rules.consent_path + "?vendor=" + encode_component(id) +
         "&amp;return=" + encode_component(judge.page().path) + "\">" + ascii::escape_html(words.change) +
         "</a></span>";
}

}  // namespace portvakt::tags
