#include <string>

#include "filters/tags/placeholder.h"
#include "filters/tags/tag_families.h"
#include "proxy/base/ascii.h"

namespace portvakt::tags {
namespace {

/// A document written into the address itself: `data:text/html,…` or `javascript:…`. What it loads is judged
/// as a script's text is, for it is not read as markup here.
bool holds_written_document(PageJudge& judge, std::string_view address) {
  const http::ParsedUrl url = http::parse_url(address);
  if (url.kind != http::ParsedUrl::Kind::Local || (url.scheme != "data" && url.scheme != "javascript"))
    return false;
  const std::string text = ascii::decode_form_component(url.path + '?' + url.query);
  const InlineFindings findings = judge.judge_inline(text);
  if (findings.hosts.empty()) return false;
  judge.count(findings, url.scheme);
  return findings.decision.ruling == Ruling::Hold;
}

bool is_held(PageJudge& judge, std::string_view address) {
  return judge.holds(address) || holds_written_document(judge, address);
}

void hold_frame(PageJudge& judge, html::Element& element, std::string_view attribute) {
  if (element.tag() == html::Tag::Frame) return element.set_attribute(attribute, "about:blank");
  if (deserves_placeholder(judge, element)) {
    const auto address = element.attribute(attribute);
    element.replace(make_placeholder(judge, element, address ? std::string(*address) : std::string()));
  } else if (element.has_attribute("id") || element.has_attribute("name")) {
    element.remove_attribute(attribute);
  } else {
    element.remove_with_content();
  }
}

}  // namespace

void visit_frame(PageJudge& judge, html::Element& element) {
  const bool is_object = element.tag() == html::Tag::Object;
  const std::string_view own = is_object ? "data" : "src";
  for (const std::string_view attribute :
       {own, std::string_view("data-src"), std::string_view("data-lazy-src")}) {
    const auto address = element.attribute(attribute);
    if (!address || (attribute != own && has_dialect_mark(element))) continue;
    if (is_held(judge, std::string(*address))) return hold_frame(judge, element, attribute);
  }
}

}  // namespace portvakt::tags
