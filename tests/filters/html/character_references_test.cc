#include "filters/html/character_references.h"

#include <gtest/gtest.h>

#include <string>

namespace portvakt::html {
namespace {

std::string decoded(std::string_view raw, ReferenceRules rules) {
  std::string out;
  decode_references(raw, rules, out);
  return out;
}

TEST(CharacterReferences, DecodesNamesAndNumbers) {
  EXPECT_EQ(decoded("a&amp;b&#x41;&#66;&notin;&notit;", ReferenceRules::Text),
            "a&bAB\xE2\x88\x89\xC2\xACit;");
}

TEST(CharacterReferences, LeavesWhatIsNone) {
  EXPECT_EQ(decoded("&&#;&#x;&nosuch;& &", ReferenceRules::Text), "&&#;&#x;&nosuch;& &");
}

TEST(CharacterReferences, LeavesQueryParametersInAttributes) {
  EXPECT_EQ(decoded("?a=1&copy=2&lt;&amp", ReferenceRules::Attribute), "?a=1&copy=2<&");
  EXPECT_EQ(decoded("?a=1&copy=2", ReferenceRules::Text), "?a=1\xC2\xA9=2");
}

TEST(CharacterReferences, ReplacesIllegalNumbers) {
  EXPECT_EQ(decoded("&#0;&#xD800;&#x110000;&#99999999999;&#x80;", ReferenceRules::Text),
            "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xE2\x82\xAC");
}

}  // namespace
}  // namespace portvakt::html
