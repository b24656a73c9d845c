#include "filters/tags/update_handler.h"

#include "tests/filters/tags/tag_page.h"

namespace portvakt::tags {
namespace {

using filters::kAnalytics;
using filters::kMarketing;

std::string updated(std::string_view page, const consent::ConsentState& before,
                    const consent::ConsentState& now) {
  const TagPolicy policy(shipped_catalogue(), {});
  filters::Notes notes;
  notes.consent = now;
  const PageFacts facts{"https", "www.example.test", "/"};
  const auto handler = make_update_handler(policy, before, facts, notes);
  std::string out;
  html::StringOutput output(out);
  html::Rewriter rewriter(*handler, {}, output);
  EXPECT_TRUE(rewriter.write(page).has_value() && rewriter.end().has_value());
  return out;
}

TEST(UpdateHandler, MarksWhatWasTakenOutBeforeAndNowIsNot) {
  const std::string script = "<script src=\"https://www.google-analytics.com/analytics.js\"";
  EXPECT_EQ(updated(script + "></script>", {}, granting({kAnalytics})),
            script + " data-portvakt-held=\"\"></script>");
  EXPECT_EQ(updated(script + "></script>", granting({kAnalytics}), granting({kAnalytics})),
            script + "></script>");
}

TEST(UpdateHandler, StillHoldsBackWhatIsNotGranted) {
  EXPECT_EQ(updated("<img src=\"https://bat.bing.com/action/0\">", {}, granting({kAnalytics})), "");
  EXPECT_EQ(updated("<img src=\"https://bat.bing.com/action/0\">", granting({kMarketing}), {}), "");
}

TEST(UpdateHandler, NamesTheVendorWhosePlaceholderStandsForAnEmbed) {
  const auto out =
      updated("<iframe src=\"https://www.youtube.com/embed/1\"></iframe>", {}, granting({kMarketing}));
  EXPECT_EQ(out, "<iframe src=\"https://www.youtube.com/embed/1\" data-portvakt-held=\"youtube\"></iframe>");
}

TEST(UpdateHandler, TellsWhatStandsThereWithoutSomeAttributes) {
  EXPECT_EQ(updated("<img id=\"p\" src=\"https://bat.bing.com/action/0\">", {}, granting({kMarketing})),
            "<img id=\"p\" src=\"https://bat.bing.com/action/0\" data-portvakt-held=\"~\">");
}

TEST(UpdateHandler, LeavesTheSitesOwnAlone) {
  const std::string page = "<script src=\"/own.js\"></script><img src=\"/a.png\"><script>own()</script>";
  EXPECT_EQ(updated(page, {}, granting_all()), page);
}

}  // namespace
}  // namespace portvakt::tags
