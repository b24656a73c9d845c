// What the tag rules tell the inventory: third parties by host, with vendor and purpose where a rule knows
// them.
#include "tests/filters/tags/tag_page.h"

namespace portvakt::tags {
namespace {

std::string seen(const TagPage& page) {
  std::string out;
  for (const auto& one : page.notes.sightings) {
    out += one.name + " " + one.vendor + " " + one.purpose + (one.held ? " !\n" : "\n");
  }
  return out;
}

TEST(Sightings, AreThirdPartiesEachOnce) {
  TagPage page;
  page.rewrite(
      "<script src=\"https://www.google-analytics.com/analytics.js\"></script>"
      "<script src=\"https://www.google-analytics.com/ga.js\"></script>"
      "<img src=\"https://unknown.other/x.png?visitor=1\"><img src=\"/own.png\">"
      "<img src=\"https://cdn.example.test/a.png\"><img src=\"https://www.example.test/b.png\">"
      "<script src=\"https://js.stripe.com/v3/\"></script><a href=\"https://elsewhere.test/\">x</a>");
  EXPECT_EQ(seen(page),
            "www.google-analytics.com google-analytics-4 analytics !\nunknown.other  \n"
            "js.stripe.com stripe necessary\n");
}

TEST(Sightings, TellWhetherTheyPassed) {
  TagPage page;
  page.consent = granting_all();
  page.rewrite("<script src=\"https://www.google-analytics.com/analytics.js\"></script>");
  EXPECT_EQ(seen(page), "www.google-analytics.com google-analytics-4 analytics\n");
}

TEST(Sightings, CountWhatAnInlineScriptWouldLoad) {
  TagPage page;
  page.rewrite(
      "<script>(function(){var s=document.createElement('script');"
      "s.src='https://connect.facebook.net/en_US/fbevents.js';document.head.append(s)})()</script>");
  EXPECT_NE(seen(page).find(" marketing !"), std::string::npos) << seen(page);
}

TEST(Sightings, AreBoundedWhateverThePageHolds) {
  TagPage page;
  std::string text;
  for (int i = 0; i < 500; ++i) text += "<img src=\"https://h" + std::to_string(i) + ".other/x.png\">";
  page.rewrite(text);
  EXPECT_EQ(page.notes.sightings.size(), filters::Notes::kMaxSightings);
}

}  // namespace
}  // namespace portvakt::tags
