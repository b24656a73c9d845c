// Any cut of a page gives the same output and the same events; without a handler the output is the page.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "filters/html/rewriter.h"
#include "tests/filters/html/page_handler.h"

namespace portvakt::html {
namespace {

using namespace std::string_literals;

const std::vector<std::string> kPages = {
    "\xEF\xBB\xBF<!DOCTYPE html PUBLIC \"-//W3C//DTD\" 'x'>\r\n<html lang=en><!-- a --- b "
    "--!><head><title>a&amp;<b></title>"
    "<script src='x'></script><script>if (a < b && '</scrip') tracker</script></head><body onload=\"x()\"><p "
    "do=set>text",
    "<script><!-- <script> tracker </script> --> mixed "
    "</script><script><!--<script-></script>a<!-x--></script>b",
    "<svg><style>a&amp;b<![CDATA[ c "
    "]]]>]]>d</style><script>tracker&lt;</script><title>x</title><path/></path></div>a",
    "<noscript><img src=a do=cut><style>x</style></noscript><noscript><p title='</noscript><img do=set "
    "src=x>",
    "<object do=cut><p>a<object></object><!-- </object> --></object>b<iframe do=cut></ifram</iframe "
    ">c<textarea></textare>",
    "<!doctypehtml><!><!-><!--><!---><!----><!----!><!-- <!--><?php ?></ x></><a =b c==d "
    "e='f'g=\"h\"i/j/>&#x41;<",
    "<p do=around style='a'><p do=rename data-x=\"'\"><p "
    "do=replace>x</p><math><mi><style>a</style></mi><![CDATA[x]]></math>",
    "<select><xmp><img src=b></xmp></select><template><col><xmp></template><frameset><style></style>a</",
    "a\0b<\0c><d\0 e\0=\0>\xFF\xFE<script>\0mixed\xC3</script>"s,
    "plain text without any tag \xEF\xBB\xBF <",
    "<plaintext>a<b></plaintext>",
    "<script><!--<sarcari",
    "<script><!--<scripts><!--</scriptx></script><img src=x>",
};

const Insertions kInsertions = {"<script>guard</script>", "<section>banner</section>", BodyInsertion::Always};

class Chunking : public testing::TestWithParam<std::size_t> {};

TEST_P(Chunking, GivesTheSameOutputForEveryCut) {
  const std::string& page = kPages[GetParam()];
  PageHandler whole;
  const std::string expected = rewrite(page, whole, kInsertions).page;
  for (std::size_t cut = 1; cut <= page.size(); ++cut) {
    PageHandler handler;
    EXPECT_EQ(rewrite(page, handler, kInsertions, cut).page, expected) << "cut at " << cut;
    EXPECT_EQ(handler.events(), whole.events()) << "cut at " << cut;
  }
  for (const std::size_t piece : {1, 2, 3, 7}) {
    PageHandler handler;
    EXPECT_EQ(rewrite(page, handler, kInsertions, piece, piece).page, expected) << "in pieces of " << piece;
    EXPECT_EQ(handler.events(), whole.events()) << "in pieces of " << piece;
  }
}

TEST_P(Chunking, WithoutHandlerTheOutputIsThePage) {
  const std::string& page = kPages[GetParam()];
  for (std::size_t cut = 1; cut <= page.size(); ++cut) {
    PageHandler handler(Interest{});
    EXPECT_EQ(rewrite(page, handler, {}, cut, 1).page, page) << "cut at " << cut;
  }
}

INSTANTIATE_TEST_SUITE_P(Pages, Chunking, testing::Range(std::size_t{0}, kPages.size()));

TEST(ChunkingOfLongTokens, CopiesOnlyWhatIsHeld) {
  std::string page = "<p title='";
  page.append(100'000, 'x').append("'>").append(200'000, 'y').append("<img do=set>z");
  PageHandler whole;
  const std::string expected = rewrite(page, whole).page;
  for (const std::size_t piece : {100, 4096, 65536}) {
    PageHandler handler;
    EXPECT_EQ(rewrite(page, handler, {}, piece, piece).page, expected) << piece;
  }
}

}  // namespace
}  // namespace portvakt::html
