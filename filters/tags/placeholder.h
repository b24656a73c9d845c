// What stands in an embed's place until the visitor agrees: names the vendor, has the embed's size, and
// offers to allow that vendor for good, to change the choice, and, with scripts, to show this embed once.
// Phrasing content only, because embeds stand within paragraphs; so its button belongs to the form of the
// banner or of the way back.
#pragma once

#include <string>
#include <string_view>

#include "filters/html/element.h"
#include "filters/tags/page_judge.h"

namespace portvakt::tags {

/// A visitor would have seen this embed, and it is of a kind that people look at.
bool deserves_placeholder(const PageJudge& judge, html::Element& element);

/// `address` is what is held back, as the page has it.
std::string make_placeholder(PageJudge& judge, html::Element& element, std::string_view address);

}  // namespace portvakt::tags
