#include "proxy/http/name_set.h"

#include <gtest/gtest.h>

#include "proxy/http/syntax.h"

namespace portvakt::http {
namespace {

TEST(NameSet, HoldsItsNamesWhateverTheirCase) {
  static constexpr NameSet kNames{std::array<std::string_view, 3>{"te", "connection", "keep-alive"}};
  EXPECT_TRUE(kNames.has("Connection"));
  EXPECT_TRUE(kNames.has("KEEP-ALIVE"));
  EXPECT_TRUE(kNames.has("te"));
  EXPECT_FALSE(kNames.has("keep_alive"));
  EXPECT_FALSE(kNames.has(""));
  EXPECT_FALSE(kNames.has(std::string(66, 't'))) << "66 is as long as 2 to the mask";
}

TEST(Syntax, FieldValuesAreReadAlikeByteByByteAndByWords) {
  for (int c = 0; c < 256; ++c) {
    for (std::size_t at = 0; at < 20; ++at) {
      std::string text(20, 'v');
      text[at] = static_cast<char>(c);
      const bool allowed = c == '\t' || (c >= 0x20 && c != 0x7f);
      EXPECT_EQ(is_field_value(text), allowed) << c << " at " << at;
    }
  }
}

}  // namespace
}  // namespace portvakt::http
