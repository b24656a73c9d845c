#include "filters/tags/tag_policy.h"

#include "filters/tags/same_site.h"
#include "tests/filters/tags/tag_page.h"

namespace portvakt::tags {
namespace {

const http::ParsedUrl kPage = http::parse_url("https://www.example.co.uk/");

Decision judge(const SiteRules& rules, std::string_view address, const consent::ConsentState& consent = {}) {
  const TagPolicy policy(shipped_catalogue(), rules);
  Decision decision = policy.judge_url(http::parse_url(address, &kPage), kPage, consent);
  if (decision.verdict) decision.verdict->rule = decision.verdict->file = {};  // views into the policy
  return decision;
}

TEST(TagPolicy, AsksTheSitesOwnRulesBeforeTheCatalogue) {
  SiteRules rules;
  rules.rules = {{"static.hotjar.com", filters::kNecessary, "portvakt.yaml", 9},
                 {"cdn.example.net/track", filters::kAnalytics, "portvakt.yaml", 10}};
  EXPECT_EQ(judge(rules, "https://static.hotjar.com/x").ruling, Ruling::Pass);
  EXPECT_EQ(judge(rules, "https://script.hotjar.com/x").ruling, Ruling::Hold);
  EXPECT_EQ(judge(rules, "https://cdn.example.net/track/x").verdict->line, 10);
  EXPECT_EQ(judge(rules, "https://cdn.example.net/track/x").ruling, Ruling::Hold);
  EXPECT_EQ(judge(rules, "https://cdn.example.net/tracks").ruling, Ruling::Pass);
}

TEST(TagPolicy, GivesAVendorThePurposeThatTheSiteChose) {
  SiteRules rules;
  rules.vendors = {{"google-fonts", filters::kNecessary}, {"google-hosted-libraries", filters::kMarketing}};
  EXPECT_EQ(judge(rules, "https://fonts.googleapis.com/css").ruling, Ruling::Pass);
  EXPECT_EQ(judge(rules, "https://ajax.googleapis.com/ajax/libs/x").ruling, Ruling::Hold);
  EXPECT_EQ(judge({}, "https://ajax.googleapis.com/ajax/libs/x").ruling, Ruling::Pass);
}

TEST(TagPolicy, NeverHoldsTheSitesOwnHostsButForVendorShapes) {
  SiteRules strict;
  strict.mode = Mode::Strict;
  EXPECT_EQ(judge(strict, "/x.js").ruling, Ruling::Pass);
  EXPECT_EQ(judge(strict, "https://static.example.co.uk/x.js").ruling, Ruling::Pass);
  EXPECT_EQ(judge(strict, "https://other.co.uk/x.js").ruling, Ruling::Hold);
  EXPECT_EQ(judge(strict, "/gtm.js").ruling, Ruling::Hold);
}

TEST(TagPolicy, CountsOnlyInObserveMode) {
  SiteRules rules;
  rules.mode = Mode::Observe;
  EXPECT_EQ(judge(rules, "https://static.hotjar.com/x").ruling, Ruling::Count);
}

TEST(TagPolicy, AChoiceByVendorBeatsTheChoiceByPurpose) {
  consent::ConsentState state = granting({filters::kAnalytics});
  EXPECT_EQ(judge({}, "https://static.hotjar.com/x", state).ruling, Ruling::Pass);
  state.vendors_refused = {"hotjar"};
  EXPECT_EQ(judge({}, "https://static.hotjar.com/x", state).ruling, Ruling::Hold);
  state.vendors_granted = {"youtube"};
  EXPECT_EQ(judge({}, "https://www.youtube.com/embed/x", state).ruling, Ruling::Pass);
}

TEST(TagPolicy, LetsPassWhatContactsNobody) {
  SiteRules strict;
  strict.mode = Mode::Strict;
  for (const std::string_view address :
       {"data:text/plain,x", "javascript:x", "mailto:a@b.test", "https://", "about:blank"}) {
    EXPECT_EQ(judge(strict, address).ruling, Ruling::Pass) << address;
  }
}

TEST(SameSite, ComparesRegistrableDomains) {
  EXPECT_TRUE(is_same_site("www.example.co.uk", "static.example.co.uk"));
  EXPECT_FALSE(is_same_site("www.example.co.uk", "other.co.uk"));
  EXPECT_FALSE(is_same_site("a.github.io", "b.github.io"));
  EXPECT_TRUE(is_same_site("localhost", "localhost"));
  EXPECT_FALSE(is_same_site("127.0.0.1", "10.0.0.1"));
  EXPECT_FALSE(is_same_site("com", "example.com"));
  EXPECT_FALSE(is_same_site("", "example.com"));
}

}  // namespace
}  // namespace portvakt::tags
