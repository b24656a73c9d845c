#include <algorithm>
#include <optional>
#include <string>

#include "filters/tags/css_addresses.h"
#include "filters/tags/script_shape.h"
#include "filters/tags/tag_families.h"
#include "proxy/base/ascii.h"

namespace portvakt::tags {
namespace {

/// Never resolves (RFC 6761). Of the same kind as what it replaces, so that the script around it goes on
/// working.
constexpr std::string_view kNobody = "held.invalid";

std::string defuse(std::string_view script, const std::vector<InlineFindings::Span>& hosts) {
  std::string out;
  std::size_t written = 0;
  for (const auto& [begin, end] : hosts) {
    out.append(script.substr(written, begin - written)).append(kNobody);
    written = end;
  }
  return out.append(script.substr(written));
}

/// Text of svg is written with references, text of HTML's script and style without.
void replace_text(const html::Element& element, html::InlineText& text, std::string_view content) {
  if (element.name_space() == html::Namespace::Html) return text.replace(content);
  text.replace(ascii::escape_html(content));
}

void visit_inline_script(PageJudge& judge, html::Element& element, html::InlineText& text, ScriptKind kind) {
  const InlineFindings findings = judge.judge_inline(text.text());
  if (findings.decision.ruling == Ruling::Pass) return;
  const bool is_rules = kind == ScriptKind::SpeculationRules;
  const bool whole = is_rules || (kind == ScriptKind::JavaScript && !findings.has_untouchable &&
                                  is_mere_snippet(text.text()));
  // A mixed script that only calls a vendor's functions stays as it is: the guard has stand-ins for those.
  if (!whole && findings.hosts.empty()) return;
  judge.count(findings, text.text());
  if (findings.decision.ruling == Ruling::Count) return;
  if (whole) {
    element.remove_with_content();
  } else {
    replace_text(element, text, defuse(text.text(), findings.hosts));
  }
}

ScriptKind kind_of(html::Element& element) {
  std::optional<std::string> type;  // a copy: the view is good until the next attribute is read
  if (const auto value = element.attribute("type")) type.emplace(*value);
  return script_kind(type, element.attribute("language"));
}

}  // namespace

bool is_data_block(html::Element& element) {
  return element.tag() == html::Tag::Script && kind_of(element) == ScriptKind::Data;
}

void visit_script(PageJudge& judge, html::Element& element, html::InlineText& text) {
  const ScriptKind kind = kind_of(element);
  if (kind == ScriptKind::Data) return;
  const bool is_svg = element.name_space() == html::Namespace::Svg;
  for (const std::string_view name : {is_svg ? "href" : "src", is_svg ? "xlink:href" : "src"}) {
    const auto address = element.attribute(name);
    if (!address) continue;
    if (kind == ScriptKind::JavaScript && judge.holds(*address)) element.remove_with_content();
    return;
  }
  visit_inline_script(judge, element, text, kind);
}

void visit_style(PageJudge& judge, html::Element& element, html::InlineText& text) {
  std::string css;
  if (rewrite_css(text.text(), [&judge](std::string_view address) { return judge.holds(address); }, css)) {
    replace_text(element, text, css);
  }
}

}  // namespace portvakt::tags
