#include <algorithm>
#include <array>
#include <string>

#include "filters/tags/tag_families.h"
#include "proxy/base/ascii.h"

namespace portvakt::tags {
namespace {

constexpr std::string_view kSpaces = " \t\n\r\f";

template <typename Visit>
void for_each_word(std::string_view text, Visit visit) {
  while (true) {
    const std::size_t start = text.find_first_not_of(kSpaces);
    if (start == std::string_view::npos) return;
    text.remove_prefix(start);
    const std::string_view word = text.substr(0, text.find_first_of(kSpaces));
    text.remove_prefix(word.size());
    visit(word);
  }
}

struct Relation {
  bool fetches = false;   // or may: an unknown relation counts
  bool connects = false;  // opens a connection to the host
};

Relation read_relation(std::string_view rel) {
  // Links for people and search engines: browsers fetch nothing for them.
  static constexpr std::array<std::string_view, 22> kMerelyLinks{
      "alternate", "amphtml",  "author",     "bookmark", "canonical", "dcterms.rights",
      "editpage",  "edituri",  "help",       "license",  "me",        "next",
      "nofollow",  "noopener", "noreferrer", "pingback", "prev",      "profile",
      "publisher", "search",   "shortlink",  "start"};
  static constexpr std::array<std::string_view, 2> kConnects{"preconnect", "dns-prefetch"};
  Relation relation;
  for_each_word(rel, [&relation](std::string_view raw) {
    const std::string word = ascii::lower(raw);
    if (std::ranges::find(kConnects, word) != kConnects.end()) {
      relation.connects = true;
    } else if (std::ranges::find(kMerelyLinks, word) == kMerelyLinks.end()) {
      relation.fetches = true;
    }
  });
  return relation;
}

/// The address in `5; url=…` (HTML 4.2.5.3, "shared declarative refresh steps").
std::string_view refresh_address(std::string_view content) {
  const std::size_t mark = content.find_first_of(";, \t\n\r\f");
  if (mark == std::string_view::npos) return {};
  content.remove_prefix(mark);
  content.remove_prefix(std::min(content.find_first_not_of(";, \t\n\r\f"), content.size()));
  if (ascii::istarts_with(content, "url")) {
    std::string_view rest = content.substr(3);
    rest.remove_prefix(std::min(rest.find_first_not_of(kSpaces), rest.size()));
    if (rest.starts_with('=')) {
      rest.remove_prefix(1);
      rest.remove_prefix(std::min(rest.find_first_not_of(kSpaces), rest.size()));
      content = rest;
    }
  }
  if (content.starts_with('"') || content.starts_with('\'')) {
    const char quote = content.front();
    content.remove_prefix(1);
    content = content.substr(0, content.find(quote));
  }
  return content;
}

}  // namespace

void visit_link(PageJudge& judge, html::Element& element) {
  const auto rel = element.attribute("rel");
  if (!rel) return;
  const Relation relation = read_relation(*rel);
  if (relation.fetches) filter_candidates(judge, element, "imagesrcset");
  const auto address = element.attribute("href");
  if (!address) return;
  const bool held =
      (relation.fetches && judge.holds(*address)) || (relation.connects && judge.holds_host(*address));
  if (!held) return;
  element.remove_attribute("imagesrcset");
  take_out(element, "href");
}

void visit_meta(PageJudge& judge, html::Element& element) {
  const auto equiv = element.attribute("http-equiv");
  if (!equiv) return;
  const bool policy = ascii::iequals(*equiv, "content-security-policy");
  if (!policy && !ascii::iequals(*equiv, "refresh")) return;
  const auto content = element.attribute("content");
  if (!content) return;
  if (policy) {
    const std::string extended = judge.extend_policy(*content);
    if (extended != *content) element.set_attribute("content", extended);
    return;
  }
  const std::string_view address = refresh_address(*content);
  if (!address.empty() && judge.holds(address)) element.remove();
}

void visit_base(PageJudge& judge, html::Element& element) {
  if (element.in_template() || element.in_noscript() || element.name_space() != html::Namespace::Html) return;
  if (const auto href = element.attribute("href")) judge.set_base(*href);
}

}  // namespace portvakt::tags
