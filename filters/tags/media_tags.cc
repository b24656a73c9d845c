#include <string>

#include "filters/tags/srcset.h"
#include "filters/tags/tag_families.h"
#include "proxy/base/ascii.h"

namespace portvakt::tags {
namespace {

using html::Tag;

void visit_picture_part(PageJudge& judge, html::Element& element) {
  const bool had_candidates = element.has_attribute("srcset");
  filter_candidates(judge, element, "srcset");
  const auto address = element.attribute("src");
  if (address && judge.holds(*address)) {
    element.remove_attribute("srcset");
    take_out(element, "src");
    return;
  }
  drop_if_held(judge, element, "lowsrc");
  // A `source` that lost its candidates would stop the picture from falling back to its img.
  if (element.tag() == Tag::Source && had_candidates && !element.attribute("srcset")) element.remove();
}

void visit_animation(PageJudge& judge, html::Element& element) {
  const auto target = element.attribute("attributename");
  if (!target || !target->ends_with("href")) return;
  for (const std::string_view name : {"to", "from", "by", "values"}) drop_if_held(judge, element, name);
}

}  // namespace

void visit_media(PageJudge& judge, html::Element& element) {
  const bool is_html = element.name_space() == html::Namespace::Html;
  switch (element.tag()) {
    case Tag::Img:
    case Tag::Source:
      return visit_picture_part(judge, element);
    case Tag::Image:  // in HTML another name of img
      if (is_html) return visit_picture_part(judge, element);
      [[fallthrough]];
    case Tag::Use:
    case Tag::Feimage:
      drop_if_held(judge, element, "href");
      drop_if_held(judge, element, "xlink:href");
      return;
    case Tag::Animate:
    case Tag::Set:
      return visit_animation(judge, element);
    case Tag::Track: {
      const auto address = element.attribute("src");
      if (address && judge.holds(*address)) element.remove();
      return;
    }
    default:  // video, audio, input: the element stays, empty
      drop_if_held(judge, element, "src");
      return;
  }
}

void take_out(html::Element& element, std::string_view attribute) {
  if (element.has_attribute("id") || element.has_attribute("name")) {
    element.remove_attribute(attribute);
  } else {
    element.remove();
  }
}

bool drop_if_held(PageJudge& judge, html::Element& element, std::string_view attribute) {
  const auto address = element.attribute(attribute);
  if (!address || !judge.holds(*address)) return false;
  element.remove_attribute(attribute);
  return true;
}

void filter_candidates(PageJudge& judge, html::Element& element, std::string_view attribute) {
  const auto list = element.attribute(attribute);
  std::string kept;
  if (!list ||
      !filter_srcset(*list, [&judge](std::string_view address) { return judge.holds(address); }, kept))
    return;
  if (kept.empty()) {
    element.remove_attribute(attribute);
  } else {
    element.set_attribute(attribute, kept);
  }
}

}  // namespace portvakt::tags
