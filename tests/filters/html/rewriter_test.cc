#include "filters/html/rewriter.h"

#include <gtest/gtest.h>

#include <string>

#include "filters/html/tokenizer.h"
#include "tests/filters/html/page_handler.h"

namespace portvakt::html {
namespace {

using namespace std::string_literals;

std::string page_of(std::string_view page) {
  PageHandler handler;
  const Rewritten result = rewrite(page, handler);
  return result.failed ? "failed" : result.page;
}

std::string events_of(std::string_view page) {
  PageHandler handler;
  const Rewritten result = rewrite(page, handler);
  return result.failed ? "failed" : handler.events();
}

std::string inserted(std::string_view page, BodyInsertion body = BodyInsertion::DocumentsOnly) {
  PageHandler handler(Interest{});
  return rewrite(page, handler, {"[H]", "[B]", body}).page;
}

TEST(Rewriter, TellsElementsItWasAskedFor) {
  EXPECT_EQ(events_of("<p>x<img src=a.png><IMG SRC='b&amp;c'><a href=x><a onclick=y><p style=z>"),
            "img a.png\nimg b&c\na\np\nend\n");
}

TEST(Rewriter, LeavesUntouchedElementsByteForByte) {
  const std::string page = "<!DOCTYPE  html><IMG   src = 'a' / alt\n=\"x\"ismap><p/ >a\r\nb\0c</P  x>"s;
  EXPECT_EQ(page_of(page), page);
}

TEST(Rewriter, RemovesTheTagAlone) {
  EXPECT_EQ(page_of("a<p do=remove>b</p>c"), "ab</p>c");
}

TEST(Rewriter, RemovesWithContentToTheMatchingEndTag) {
  EXPECT_EQ(page_of("a<object do=cut>b<object>c</object><img src=x>d</object>e"), "ae");
  EXPECT_EQ(page_of("a<img do=cut>b"), "ab");
  EXPECT_EQ(page_of("a<iframe do=cut><img></iframe>b"), "ab");
}

TEST(Rewriter, WritesChangedAttributesEscaped) {
  EXPECT_EQ(page_of("<img do=set alt='a&amp;\"' src=old src=older hidden>"),
            "<img alt='a&amp;\"' hidden src=\"a&quot;b&amp;c\">");
}

TEST(Rewriter, PutsMarkupAroundAndInsteadOfElements) {
  EXPECT_EQ(page_of("1<p do=around>2</p>"), "1<i><p do=around></i>2</p>");
  EXPECT_EQ(page_of("1<p do=replace>2</p>3"), "1<b>instead</b>3");
  EXPECT_EQ(page_of("1<p do=rename>2</p>3"), "1<x-tag do=\"rename\">2</p>3");
}

TEST(Rewriter, TellsInlineScriptsWithTheirWholeText) {
  EXPECT_EQ(
      events_of("<script type=a>if (a<b) '<img src=x>'</script><style>p{}</style><script src=q></script>"),
      "script\n  text if (a<b) '<img src=x>'\nstyle\n  text p{}\nscript q\n  text \nend\n");
}

TEST(Rewriter, RemovesStartTagTextAndEndTagOfAScript) {
  EXPECT_EQ(page_of("a<script>tracker()</script>b"), "ab");
  EXPECT_EQ(page_of("a<script do=remove>x</script>b"), "ab");
  EXPECT_EQ(page_of("a<script a=1>mixed</script >b"), "a<script a=1>clean</script >b");
}

TEST(Rewriter, RemovesOrKeepsScriptsTooLongToHold) {
  const std::string text(kMaxInlineScript + 1, 'x');
  EXPECT_EQ(page_of("a<script>" + text + "</script>b"), "ab");
  EXPECT_EQ(page_of("a<script keep>" + text + "</script>b"), "a<script keep>" + text + "</script>b");
}

TEST(Rewriter, HoldsNoEndlessCommentInAStyleOfSvg) {
  const std::string comment = "<!--" + std::string(kMaxInlineScript, 'x') + "-->";
  EXPECT_EQ(page_of("<svg><style>" + comment + "</style></svg>"), "<svg></svg>");
}

TEST(Rewriter, TellsAnUnclosedScript) {
  EXPECT_EQ(page_of("a<script>tracker"), "a");
  EXPECT_EQ(page_of("a<script>x</scrip"), "a<script>x</scrip");
}

TEST(Rewriter, FailsOnATagTooLong) {
  EXPECT_EQ(page_of("<p " + std::string(kMaxTokenBytes, 'x') + ">"), "failed");
  EXPECT_EQ(page_of("<p " + std::string(kMaxTokenBytes, 'x')), "failed");
}

TEST(Rewriter, FailsOnTooManyAttributes) {
  std::string tag = "<p";
  for (std::size_t n = 0; n <= kMaxAttributes; ++n) tag += " a";
  EXPECT_EQ(page_of(tag + ">"), "failed");
}

TEST(Rewriter, HandsOnTheHandlersError) {
  class Failing : public PageHandler {
    Result<void> on_element(Element&) override { return failure(ErrorKind::Internal, "no"); }
  } handler;
  EXPECT_TRUE(rewrite("<img>", handler).failed);
}

TEST(Rewriter, PassesACutTagAtTheEnd) {
  EXPECT_EQ(page_of("a<img src="), "a<img src=");
}

TEST(Noscript, IsVisitedAsMarkup) {
  EXPECT_EQ(events_of("<noscript><img src=p></noscript><img src=q>"),
            "noscript\nimg noscript p\nimg q\nend\n");
  EXPECT_EQ(page_of("<noscript>a<img do=cut>b</noscript>"), "<noscript>ab</noscript>");
}

TEST(Noscript, EndsAtItsFirstEndTagWhateverStandsAround) {
  EXPECT_EQ(page_of("<noscript><p title=\"</noscript><img do=cut>\">"), "<noscript></noscript>\">");
  EXPECT_EQ(page_of("<noscript><!-- </noscript><img do=cut> -->"), "<noscript></noscript> -->");
  EXPECT_EQ(page_of("<noscript><style></noscript><img do=cut></style>"), "<noscript></noscript></style>");
}

TEST(Noscript, LosesContentThatWouldChangeTheReadingAfterIt) {
  EXPECT_EQ(page_of("<noscript><svg></noscript>a"), "<noscript></noscript>a");
  EXPECT_EQ(page_of("<noscript><svg></svg></noscript>a"), "<noscript><svg></svg></noscript>a");
  EXPECT_EQ(page_of("<noscript><plaintext></noscript>a"), "<noscript></noscript>a");
}

TEST(Insertion, GoesAfterTheHeadAndBodyTags) {
  EXPECT_EQ(inserted("<!doctype html><html><head><title>a</title></head><body class=x>b"),
            "<!doctype html><html><head>[H]<title>a</title></head><body class=x>[B]b");
}

TEST(Insertion, GoesWhereABrowserOpensHeadAndBody) {
  EXPECT_EQ(inserted("<!doctype html>\n<!-- c --><script>s</script> <p>"),
            "<!doctype html>\n<!-- c -->[H]<script>s</script> [B]<p>");
  EXPECT_EQ(inserted("<html><body>a"), "<html>[H]<body>[B]a");
  EXPECT_EQ(inserted("<html> text"), "<html> [H][B]text");
  EXPECT_EQ(inserted("<head></head>\n x"), "<head>[H]</head>\n [B]x");
  EXPECT_EQ(inserted("<html></html>"), "<html>[H][B]</html>");
  EXPECT_EQ(inserted("<!doctype html>"), "<!doctype html>[H][B]");
}

TEST(Insertion, SkipsHeadContentAndTemplates) {
  EXPECT_EQ(
      inserted(
          "<head><template><p>t</p></template><noscript><link></noscript><meta><style>x</style></head><p>"),
      "<head>[H]<template><p>t</p></template><noscript><link></noscript><meta><style>x</style></head>[B]<p>");
}

TEST(Insertion, GivesFragmentsNoBodyMarkupUnlessForced) {
  EXPECT_EQ(inserted("<p>a"), "[H]<p>a");
  EXPECT_EQ(inserted("<p>a", BodyInsertion::Always), "[H][B]<p>a");
  EXPECT_EQ(inserted(""), "");
  EXPECT_EQ(inserted(" <!-- -->"), " <!-- -->");
}

TEST(Insertion, GivesFramesetsNoBodyMarkup) {
  EXPECT_EQ(inserted("<html><frameset><frame></frameset>"), "<html>[H]<frameset><frame></frameset>");
}

TEST(Insertion, TakesAByteOrderMarkForNothing) {
  EXPECT_EQ(inserted("\xEF\xBB\xBF<!doctype html><p>"), "\xEF\xBB\xBF<!doctype html>[H][B]<p>");
}

TEST(Insertion, StandsBeforeATagCutOffByTheEnd) {
  EXPECT_EQ(inserted("<html><p"), "<html>[H][B]<p");
}

/// What stands at the start of the body of a page: written when the language is known.
std::string body_start_of(const std::string& page, std::size_t cut) {
  PageHandler handler;
  std::string markup = "<nav>?</nav>";
  Insertions insertions;
  insertions.late_body_start = &markup;
  insertions.on_language = [&](std::string_view language) {
    markup = "<nav>" + std::string(language) + "</nav>";
  };
  return rewrite(page, handler, insertions, cut).page;
}

TEST(Rewriter, WritesTheBodysStartInTheLanguageThatThePageStates) {
  const std::string page = "<!doctype html><html class=a LANG=nb-NO lang=en><head></head><body><p>";
  const std::string expected =
      "<!doctype html><html class=a LANG=nb-NO lang=en><head></head><body><nav>nb-NO</nav><p>";
  for (std::size_t cut = 1; cut < page.size(); ++cut) EXPECT_EQ(body_start_of(page, cut), expected) << cut;
  EXPECT_EQ(body_start_of("<html><html lang='sv'><p>", 3), "<html><html lang='sv'><nav>sv</nav><p>");
  EXPECT_EQ(body_start_of("<!doctype html><p>", 3), "<!doctype html><nav>?</nav><p>");
}

}  // namespace
}  // namespace portvakt::html
