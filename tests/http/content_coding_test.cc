#include "proxy/http/content_coding.h"

#include <gtest/gtest.h>

#include "tests/support/chunked_feed.h"

namespace portvakt::http {
namespace {

std::string deflate(std::string_view text, Coding coding) {
  std::string out;
  Deflater deflater(coding);
  const auto sink = [&](std::string_view piece) { out.append(piece); };
  deflater.write(text, sink);
  deflater.end(sink);
  return out;
}

std::string inflate(const std::vector<std::string_view>& parts, Coding coding) {
  std::string out;
  Inflater inflater(coding);
  for (const auto part : parts) {
    if (!inflater.write(part, [&](std::string_view piece) { out.append(piece); })) return out + "|malformed";
  }
  return inflater.end() ? out : out + "|cut short";
}

TEST(ContentCoding, RoundTripsHoweverItIsCut) {
  for (const auto coding : {Coding::Gzip, Coding::Deflate}) {
    const auto coded = deflate("<html>hello hello hello</html>", coding);
    EXPECT_EQ(inflate({coded}, coding), "<html>hello hello hello</html>");
    const auto play = [&](const std::vector<std::string_view>& parts) { return inflate(parts, coding); };
    for (const auto& difference : test::differing_outcomes(coded, play)) ADD_FAILURE() << difference;
  }
}

TEST(ContentCoding, WhatWasFlushedCanBeReadAtOnce) {
  for (const auto coding : {Coding::Gzip, Coding::Deflate}) {
    std::string read;
    Deflater deflater(coding);
    Inflater inflater(coding);
    const auto sink = [&](std::string_view piece) {
      EXPECT_TRUE(inflater.write(piece, [&](std::string_view plain) { read.append(plain); }));
    };
    std::string written;
    for (std::size_t size : {1UL, 100UL, 9000UL, 0UL, 70000UL, 3UL}) {
      for (std::size_t i = 0; i < size; ++i) {
        const char c = static_cast<char>('a' + i * i % 23);
        written.push_back(c);
        deflater.write({&c, 1}, sink);
      }
      deflater.flush(sink);
      EXPECT_EQ(read, written);
    }
    deflater.end(sink);
    EXPECT_TRUE(inflater.end());
    EXPECT_EQ(read, written);
  }
}

TEST(ContentCoding, RoundTripsLargeTextsOfAnyKind) {
  std::string noise(300'000, ' ');
  std::uint32_t state = 1;
  for (char& c : noise) c = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
  for (const auto& text :
       {noise, std::string(300'000, 'a'), noise + std::string(100'000, 'b') + noise, std::string()}) {
    EXPECT_EQ(inflate({deflate(text, Coding::Gzip)}, Coding::Gzip), text);
  }
}

TEST(ContentCoding, ReadsConcatenatedGzipMembersAsOneBody) {
  const auto two = deflate("one ", Coding::Gzip) + deflate("two", Coding::Gzip);
  EXPECT_EQ(inflate({two}, Coding::Gzip), "one two");
}

TEST(ContentCoding, ReadsDeflateWithoutItsWrapper) {
  const auto wrapped = deflate("raw deflate", Coding::Deflate);
  const std::string raw = wrapped.substr(2, wrapped.size() - 6);
  EXPECT_EQ(inflate({raw}, Coding::Deflate), "raw deflate");
}

TEST(ContentCoding, TellsABodyCutShortFromAWholeOne) {
  auto coded = deflate("hello", Coding::Gzip);
  coded.pop_back();
  EXPECT_EQ(inflate({coded}, Coding::Gzip), "hello|cut short");
  EXPECT_EQ(inflate({"not gzip"}, Coding::Gzip), "|malformed");
  EXPECT_EQ(inflate({}, Coding::Gzip), "");
}

TEST(ContentCoding, HandsABombOverInSmallPieces) {
  const auto bomb = deflate(std::string(8 << 20, 'a'), Coding::Gzip);
  std::size_t largest = 0;
  std::size_t total = 0;
  Inflater inflater(Coding::Gzip);
  ASSERT_TRUE(inflater.write(bomb, [&](std::string_view piece) {
    largest = std::max(largest, piece.size());
    total += piece.size();
  }));
  EXPECT_EQ(total, 8U << 20);
  EXPECT_LE(largest, 16U * 1024);
}

TEST(ContentCoding, KnowsWhichCodingsItCanRead) {
  EXPECT_EQ(parse_content_coding(""), Coding::Identity);
  EXPECT_EQ(parse_content_coding("X-GZIP"), Coding::Gzip);
  EXPECT_EQ(parse_content_coding("br"), Coding::Other);
  EXPECT_EQ(parse_content_coding("gzip, gzip"), Coding::Other);
}

}  // namespace
}  // namespace portvakt::http
