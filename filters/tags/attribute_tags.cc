#include <algorithm>
#include <array>
#include <string>

#include "filters/tags/css_addresses.h"
#include "filters/tags/tag_families.h"
#include "proxy/base/ascii.h"

namespace portvakt::tags {
namespace {

void visit_style_attribute(PageJudge& judge, html::Element& element) {
  const auto css = element.attribute("style");
  if (!css) return;
  // An escape may hide the name, and a string may be an address: all else cannot fetch.
  if (css->find_first_of("(\\\"'") == std::string_view::npos) return;
  std::string kept;
  if (rewrite_css(*css, [&judge](std::string_view address) { return judge.holds(address); }, kept)) {
    element.set_attribute("style", kept);
  }
}

void visit_ping(PageJudge& judge, html::Element& element, std::string_view name) {
  const auto addresses = element.attribute(name);
  std::string kept;
  if (!addresses || !judge.holds_any(*addresses, kept)) return;
  if (kept.empty()) {
    element.remove_attribute(name);
  } else {
    element.set_attribute(name, kept);
  }
}

/// A handler that names a vendor's host loads from it. One that only calls a vendor's function does its other
/// work too, and meets the guard's stand-in.
void visit_event_handlers(PageJudge& judge, html::Element& element) {
  std::vector<std::string> held;
  for (const auto& attribute : element.attributes()) {
    if (!ascii::istarts_with(attribute.name, "on")) continue;
    const std::string name = ascii::lower(attribute.name);
    const auto script = element.attribute(name);
    if (!script) continue;
    const InlineFindings findings = judge.judge_inline(*script);
    if (findings.hosts.empty()) continue;
    judge.count(findings, *script);
    if (findings.decision.ruling == Ruling::Hold) held.push_back(name);
  }
  for (const auto& name : held) element.remove_attribute(name);
}

}  // namespace

void visit_attributes(PageJudge& judge, html::Element& element) {
  visit_style_attribute(judge, element);
  visit_ping(judge, element, "ping");
  visit_ping(judge, element, "attributionsrc");
  drop_if_held(judge, element, "background");
  drop_if_held(judge, element, "poster");
  visit_event_handlers(judge, element);
  if (has_dialect_mark(element)) return;
  for (const std::string_view name :
       {"data-src", "data-lazy-src", "data-original", "data-bg", "data-background"}) {
    drop_if_held(judge, element, name);
  }
  filter_candidates(judge, element, "data-srcset");
  filter_candidates(judge, element, "data-lazy-srcset");
}

bool has_dialect_mark(const html::Element& element) {
  static constexpr std::array<std::string_view, 12> kMarks{
      "data-category",         "data-cookiecategory", "data-cookieconsent",
      "data-category-consent", "data-usercentrics",   "data-iub-purposes",
      "data-cmp-vendor",       "data-cookieyes",      "data-cookiefirst-category",
      "data-cookiescript",     "data-purposes",       "data-mon-consent-required"};
  return std::ranges::any_of(element.attributes(), [](const html::Attribute& attribute) {
    return std::ranges::any_of(
        kMarks, [&attribute](std::string_view mark) { return ascii::iequals(attribute.name, mark); });
  });
}

}  // namespace portvakt::tags
