#include "proxy/base/ascii.h"

#include <gtest/gtest.h>

namespace portvakt::ascii {
namespace {

TEST(Ascii, RoundTripsBase64urlAndRefusesOtherSpellings) {
  for (const std::string bytes : {"", "f", "fo", "foo", "foob", "\xff\xfe\xfd"}) {
    EXPECT_EQ(parse_base64url(base64url(bytes)), bytes);
  }
  EXPECT_EQ(base64url("\xfb\xff"), "-_8");
  for (const auto* other : {"-_9", "-", "a b", "Zm9v=", "Zg=="})
    EXPECT_FALSE(parse_base64url(other)) << other;
}

TEST(Ascii, ReadsUnsignedNumbersWithoutSignBlankOrOverflow) {
  EXPECT_EQ(parse_uint("18446744073709551615"), UINT64_MAX);
  for (const auto* bad : {"", "18446744073709551616", "+1", "-1", " 1", "1 ", "0x1"})
    EXPECT_FALSE(parse_uint(bad)) << bad;
}

/// Every byte against every byte, at each place of texts on both sides of the word sizes.
TEST(Ascii, ComparesWithoutCaseExactlyAsLetterByLetter) {
  for (const std::size_t size : {1U, 2U, 3U, 4U, 5U, 7U, 8U, 9U, 15U, 16U, 17U}) {
    for (std::size_t at = 0; at < size; ++at) {
      std::string a(size, 'm');
      std::string b(size, 'M');
      for (int x = 0; x < 256; ++x) {
        for (int y = 0; y < 256; ++y) {
          a[at] = static_cast<char>(x);
          b[at] = static_cast<char>(y);
          ASSERT_EQ(iequals(a, b), to_lower(a[at]) == to_lower(b[at]))
              << size << " characters, bytes " << x << " and " << y << " at " << at;
        }
      }
    }
  }
  EXPECT_TRUE(iequals("", ""));
  EXPECT_FALSE(iequals("host", "hosts"));
}

TEST(Ascii, SplitsListsIntoTrimmedPartsWithoutEmptyOnes) {
  EXPECT_EQ(split(" a ,,b\t, ", ','), (std::vector<std::string_view>{"a", "b"}));
  EXPECT_TRUE(split("", ',').empty());
}

TEST(Ascii, DecodesFormComponentsAndLeavesBrokenEscapes) {
  EXPECT_EQ(decode_form_component("a+b%20c%zz%4"), "a b c%zz%4");
}

TEST(Ascii, EscapesWhatHtmlWouldRead) {
  EXPECT_EQ(escape_html("<a href='\"&"), "&lt;a href=&#39;&quot;&amp;");
}

TEST(Ascii, MeasuresEditDistanceUpToALimit) {
  EXPECT_EQ(edit_distance("upstream", "upstreams", 2), 1U);
  EXPECT_EQ(edit_distance("hots", "hosts", 2), 1U);
  EXPECT_EQ(edit_distance("abc", "xyz", 2), 3U);
}

}  // namespace
}  // namespace portvakt::ascii
