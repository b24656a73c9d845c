// How the rewriter reads on after tags that change the reading: each row is a page and what the handler was
// told.
#include <gtest/gtest.h>

#include <string>

#include "filters/html/rewriter.h"
#include "tests/filters/html/page_handler.h"

namespace portvakt::html {
namespace {

struct Row {
  const char* name;
  const char* page;
  const char* events;  // without the last line
  const char* output;  // null: as the page
};

// clang-format off
constexpr Row kRows[] = {
    {"TextareaHoldsText", "<textarea><img src=a></textarea><img src=b>", "img b\n", nullptr},
    {"TitleHoldsText", "<title><img src=a></title><img src=b>", "img b\n", nullptr},
    {"XmpHoldsText", "<xmp><img src=a></xmp><img src=b>", "img b\n", nullptr},
    {"NoembedHoldsText", "<noembed><img></noembed><noframes><img></noframes><img src=b>", "img b\n", nullptr},
    {"PlaintextNeverEnds", "<plaintext><img></plaintext><img>", "", nullptr},
    {"SvgStyleHoldsMarkup", "<svg><style><img src=a></style></svg>", "img a\n", "<svg><img src=a></style></svg>"},
    {"SvgStyleIsDecoded", "<svg><style>a&lt;b<![CDATA[c&lt;]]><!-- d -->e</style></svg>", "style svg\n  text a<bc&lt;e\n", nullptr},
    {"SvgScriptIsTold", "<svg><script>tracker</script></svg><img>", "script svg\n  text tracker\nimg\n", "<svg></svg><img>"},
    {"SvgScriptMayCloseItself", "<svg><script src=x /><use></svg>", "script svg x\n  text \nuse svg\n", nullptr},
    {"SvgTitleHoldsMarkup", "<svg><title><img src=a></title></svg>", "img a\n", nullptr},
    {"SvgEndsAtBreakout", "<svg><p><style><img></style>", "style\n  text <img>\n", nullptr},
    {"SvgFontBreaksOutWithColour", "<svg><font color=red><style><i></style>", "style\n  text <i>\n", nullptr},
    {"SvgFontStaysWithout", "<svg><font><style>a</style>", "style svg\n  text a\n", nullptr},
    {"ForeignObjectHoldsHtml", "<svg><foreignObject><style><img></style></foreignObject><style>x</style></svg>",
     "style\n  text <img>\nstyle svg\n  text x\n", nullptr},
    {"SelfClosedSvgIsOver", "<svg/><style><img></style>", "style\n  text <img>\n", nullptr},
    {"MathTextHoldsHtml", "<math><mi><style><img></style></mi><style>x</style></math>", "style\n  text <img>\nstyle math\n  text x\n", nullptr},
    {"AnnotationHoldsHtmlByEncoding", "<math><annotation-xml encoding='text&#47;html'><style><img></style></annotation-xml></math>",
     "style\n  text <img>\n", nullptr},
    {"AnnotationIsForeignWithout", "<math><annotation-xml><style>x</style></annotation-xml></math>", "style math\n  text x\n", nullptr},
    {"CdataIsTextInSvg", "<svg><![CDATA[<img src=a>]]><use></svg>", "use svg\n", nullptr},
    {"CdataIsACommentInHtml", "<![CDATA[<img src=a>]]><img src=b>", "img b\n", nullptr},
    {"CdataIsACommentInIntegrationPoints", "<svg><desc><p><![CDATA[<img src=a>]]><img src=b>", "img b\n", nullptr},
    {"StrayEndTagInSvgClosesIt", "<div><svg><g></div><style><img></style>", "style\n  text <img>\n",
     "<div><svg><g></svg></div><style><img></style>"},
    {"StrayPathEndTagIsDropped", "<svg><path/></path><use></svg>", "use svg\n", "<svg><path/><use></svg>"},
    {"OpenDivKeepsDescOpen", "<svg><desc><div></desc><style><img></style>", "style\n  text <img>\n",
     "<svg><desc><div><style><img></style>"},
    {"CellInDescIsDropped", "<table><td><svg><desc><td><style><img></style>", "style\n  text <img>\n",
     "<table><td><svg><desc><style><img></style>"},
    {"XmpInSelectIsDropped", "<select><xmp><img src=a></xmp></select><xmp><img></xmp>", "img a\n",
     "<select><img src=a></xmp></select><xmp><img></xmp>"},
    {"SelectEndsAtInput", "<select><input><xmp><img></xmp>", "input\n", nullptr},
    {"RemovedInputEndsNoSelect", "<select><input do=remove><xmp><img src=a></xmp>", "input\nimg a\n", "<select><img src=a></xmp>"},
    {"ScriptInSelectIsAScript", "<select><script><img></script>", "script\n  text <img>\n", nullptr},
    {"StyleInFramesetIsDropped", "<frameset><style><img src=a></style>", "img a\n", "<frameset><img src=a></style>"},
    {"FramesetAfterBodyIsDropped", "<body><frameset><style><img></style>", "style\n  text <img>\n", "<body><style><img></style>"},
    {"TemplateContentIsVisited", "<template><img src=a><style><img></style></template><img src=b>",
     "img template a\nstyle template\n  text <img>\nimg b\n", nullptr},
    {"XmpAfterColInTemplateIsDropped", "<template><col><xmp><img src=a></template>", "img template a\n", "<template><col><img src=a></template>"},
    {"TableInTemplateIsNoDoubt", "<template><table><col></table><xmp><img></xmp></template>", "", nullptr},
    {"SelectOutsideTemplateDoesNotReachIn", "<select><template><xmp><img></xmp></template><xmp><img src=a>", "img a\n",
     "<select><template><xmp><img></xmp></template><img src=a>"},
    {"EscapedScriptGoesOn", "<script><!--<script></script><img src=a>--></script><img src=b>",
     "script\n  text <!--<script></script><img src=a>-->\nimg b\n", nullptr},
    {"RemovedSvgRestoresTheReading", "<svg do=cut><g></div><style><img></style></svg><style><img></style>", "svg svg\nstyle\n  text <img>\nstyle\n  text <img>\n",
     "</div><style><img></style></svg><style><img></style>"},
    {"RemovedObjectTakesItsSelectAlong", "<object do=cut><select></object><xmp><img></xmp>", "object\n", "<xmp><img></xmp>"},
    {"RemovedTagOfSvgTakesItsContent", "<svg do=remove><style><p></style></svg>a", "svg svg\n", "<p></style></svg>a"},
};
// clang-format on

class TreeHintsReading : public testing::TestWithParam<Row> {};

TEST_P(TreeHintsReading, AgreesWithBrowsers) {
  const Row& row = GetParam();
  PageHandler handler;
  const Rewritten result = rewrite(row.page, handler);
  ASSERT_FALSE(result.failed);
  EXPECT_EQ(handler.events(), std::string(row.events) + "end\n");
  EXPECT_EQ(result.page, row.output == nullptr ? row.page : row.output);
}

INSTANTIATE_TEST_SUITE_P(Rows, TreeHintsReading, testing::ValuesIn(kRows),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace portvakt::html
