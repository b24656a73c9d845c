#include "filters/html/charset.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/filters/html/page_handler.h"

namespace portvakt::html {
namespace {

TEST(Charset, ReadsLabelsThatHoldAscii) {
  for (const char* label : {"utf-8", "UTF8", " \"utf-8\" ", "windows-1252", "ISO-8859-15", "shift_jis", "GBK",
                            "big5", "euc-jp", "euc-kr", "koi8-r", "us-ascii", "gb18030"}) {
    EXPECT_EQ(charset_from_label(label), CharsetVerdict::Readable) << label;
  }
}

TEST(Charset, RefusesLabelsThatHideMarkup) {
  for (const char* label :
       {"utf-16", "UTF-16LE", "utf-16be", "iso-2022-jp", "ISO-2022-KR", "hz-gb-2312", "utf-7", "unicode"}) {
    EXPECT_EQ(charset_from_label(label), CharsetVerdict::Refuse) << label;
  }
}

TEST(Charset, LeavesUnknownLabelsToThePage) {
  EXPECT_EQ(charset_from_label(""), CharsetVerdict::Unknown);
  EXPECT_EQ(charset_from_label("none-such"), CharsetVerdict::Unknown);
}

TEST(Charset, ByteOrderMarkBeatsTheLabel) {
  EXPECT_EQ(sniff_charset("utf-8", "\xFF\xFE<"), CharsetVerdict::Refuse);
  EXPECT_EQ(sniff_charset("utf-8", "\xFE\xFF"), CharsetVerdict::Refuse);
  EXPECT_EQ(sniff_charset("utf-16", "\xEF\xBB\xBF<p>"), CharsetVerdict::Readable);
}

TEST(Charset, LabelBeatsTheDeclaration) {
  EXPECT_EQ(sniff_charset("utf-8", "<meta charset=iso-2022-jp>"), CharsetVerdict::Readable);
}

TEST(Charset, RefusesDeclarationsAndEscapesOfUnlabelledPages) {
  EXPECT_EQ(sniff_charset("", "<meta charset=ISO-2022-JP>"), CharsetVerdict::Refuse);
  EXPECT_EQ(sniff_charset("", "<title><meta charset=csiso2022jp></title>"), CharsetVerdict::Refuse);
  EXPECT_EQ(sniff_charset("", "<p>\x1B$B"), CharsetVerdict::Refuse);
  EXPECT_EQ(sniff_charset("", "<meta charset=utf-16>\x1B"), CharsetVerdict::Unknown);
}

TEST(Charset, JudgesShortUnlabelledPagesWithoutEscapes) {
  for (const std::string_view page : {"", "a", "<p>hello</p>", "\x1B", "a\x1B"}) {
    EXPECT_EQ(sniff_charset("", page), CharsetVerdict::Unknown) << page.size();
  }
}

TEST(Charset, LateDeclarationsAreDropped) {
  PageHandler handler;
  EXPECT_EQ(rewrite("<p><meta charset='iso-2022-&#106;p'><meta charset=utf-8>", handler).page,
            "<p><meta charset=utf-8>");
}

}  // namespace
}  // namespace portvakt::html
