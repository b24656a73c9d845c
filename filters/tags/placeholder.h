// What stands in an embed's place until the visitor agrees: names the vendor, has the embed's size, and leads
// to the choice without any script. Phrasing content only, because embeds stand within paragraphs.
#pragma once

#include <string>

#include "filters/html/element.h"
#include "filters/tags/page_judge.h"

namespace portvakt::tags {

/// A visitor would have seen this embed, and it is of a kind that people look at.
bool deserves_placeholder(const PageJudge& judge, html::Element& element);

std::string make_placeholder(const PageJudge& judge, html::Element& element);

}  // namespace portvakt::tags
