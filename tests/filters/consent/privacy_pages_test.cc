#include "filters/consent/privacy_pages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "filters/consent/declaration_page.h"
#include "filters/consent/privacy_documents.h"
#include "proxy/base/crypto.h"
#include "tests/filters/consent/site_settings.h"
#include "tests/support/fake_clock.h"

namespace portvakt::consent {
namespace {

using testing::HasSubstr;
using testing::Not;

ConsentState analytics_only() {
  ConsentState state;
  state.granted.add(filters::kAnalytics);
  state.chosen = true;
  state.source = ConsentSource::Banner;
  state.given_at = FakeClock().wall();
  state.policy_version = "2026-11";
  state.visitor_id = "AAECAwQFBgcICQoLDA0ODw";
  return state;
}

class PrivacyPagesTest : public testing::Test {
 protected:
  std::string page(const ConsentState& state, std::string_view return_path = "/shop") const {
    return pages_.preferences(state, english_, return_path).body;
  }

  std::string declaration(const ConsentSettings& settings) const {
    return declaration_page({settings, shipped_locales().all()[english_]}, {});
  }

  std::size_t english_ = shipped_locales().choose_index("en", "");
  PrivacyPages pages_{site_settings()};
};

TEST_F(PrivacyPagesTest, ShowTheChoiceThatStandsAndSinceWhen) {
  const auto html = page(analytics_only());
  EXPECT_THAT(html, HasSubstr("<time datetime=\"2026-11-22\">2026-11-22</time>"));
  EXPECT_THAT(html, HasSubstr("<li>Analytics: allowed</li>"));
  EXPECT_THAT(html, HasSubstr("<li>Marketing: not allowed</li>"));
  EXPECT_THAT(html, HasSubstr("value=\"analytics\" checked>"));
  EXPECT_THAT(html, HasSubstr("value=\"marketing\"><span>"));
  EXPECT_THAT(html, HasSubstr("receipt.json"));
}

TEST_F(PrivacyPagesTest, TickNothingBeforeAChoiceWhateverTheRegionAllows) {
  ConsentState state;
  state.granted = filters::PurposeNames().all();
  EXPECT_THAT(page(state), Not(HasSubstr(" checked")));
  EXPECT_THAT(page(state), HasSubstr("You have not chosen yet"));
  EXPECT_THAT(page(state), Not(HasSubstr("receipt.json")));
}

TEST_F(PrivacyPagesTest, OfferTheVendorThatWasAskedForByItself) {
  EXPECT_THAT(page({}), Not(HasSubstr("name=\"vendor\"")));
  EXPECT_THAT(
      pages_.preferences({}, english_, "/", "youtube").body,
      HasSubstr(
          "<label class=\"a\"><input type=\"checkbox\" name=\"vendor\" value=\"youtube\" autofocus><span>"
          "<strong>YouTube</strong> (Purpose: Functional)</span></label></fieldset>"));
  EXPECT_THAT(pages_.preferences({}, english_, "/", "evil\"").body, Not(HasSubstr("name=\"vendor\"")));
}

TEST_F(PrivacyPagesTest, KeepShowingVendorsAllowedByThemselves) {
  auto state = analytics_only();
  state.vendors_granted = {"youtube"};
  EXPECT_THAT(page(state),
              HasSubstr("<label><input type=\"checkbox\" name=\"vendor\" value=\"youtube\" checked><span>"));
}

TEST_F(PrivacyPagesTest, SayThatAnObjectionWasHeard) {
  ConsentState state;
  state.source = ConsentSource::Gpc;
  EXPECT_THAT(page(state), HasSubstr("Global Privacy Control"));
}

TEST_F(PrivacyPagesTest, OfferEveryButtonAndTheWayBack) {
  const auto html = page(analytics_only());
  for (const auto* value : {"reject-all", "accept-all", "selected"}) {
    EXPECT_THAT(html, HasSubstr("<button name=\"choice\" value=\"" + std::string(value) + "\">"));
  }
  EXPECT_THAT(html, HasSubstr("name=\"from\" value=\"preferences\""));
  EXPECT_THAT(html, HasSubstr("name=\"return\" value=\"/.privacy/?return=/shop\""));
  EXPECT_THAT(html, HasSubstr("<a href=\"/shop\">Back to the site</a>"));
}

TEST_F(PrivacyPagesTest, EscapeEverythingThatComesFromOutside) {
  auto settings = site_settings();
  settings.vendors = {{"x", "<b>\"V\"&'", filters::kMarketing, "<i>", "javascript:alert(1)"},
                      {"y", "Y", filters::kMarketing, "US", "https://y.test/\"><script>"}};
  const auto html = PrivacyPages(settings).preferences({}, english_, "/\"><script>alert(1)</script>").body +
                    declaration(settings);
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, Not(HasSubstr("<b>")));
  EXPECT_THAT(html, Not(HasSubstr("<i>")));
  EXPECT_THAT(html, Not(HasSubstr("javascript:")));
  EXPECT_THAT(html, HasSubstr("&lt;b&gt;&quot;V&quot;&amp;&#39;"));
}

TEST_F(PrivacyPagesTest, ListVendorsWithPurposeCountryAndPolicy) {
  auto settings = site_settings();
  const auto html = declaration(settings);
  EXPECT_THAT(html, HasSubstr("<strong>YouTube</strong>"));
  EXPECT_THAT(html, HasSubstr("<dt>Country:</dt><dd>US</dd>"));
  EXPECT_THAT(html, HasSubstr("href=\"https://policies.example/yt\""));
  settings.vendors.clear();
  EXPECT_THAT(declaration(settings), HasSubstr("No other companies"));
}

TEST_F(PrivacyPagesTest, AllowThemselvesNothingButTheirStyle) {
  const auto reply = pages_.preferences({}, english_, "/");
  const auto start = reply.body.find("<style>") + 7;
  const auto style = reply.body.substr(start, reply.body.find("</style>") - start);
  EXPECT_EQ(reply.head.headers.find("Content-Security-Policy"),
            "default-src 'none'; style-src 'sha256-" + crypto::base64(crypto::sha256(style)) +
                "'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
  EXPECT_EQ(reply.head.headers.find("Cache-Control"), "no-store");
  EXPECT_FALSE(reply.head.headers.has("Set-Cookie"));
  EXPECT_EQ(reply.head.headers.find("Content-Type"), "text/html; charset=utf-8");
}

TEST_F(PrivacyPagesTest, AreWholeDocumentsInEveryLanguage) {
  for (std::size_t i = 0; i < shipped_locales().all().size(); ++i) {
    const auto reply = pages_.preferences(analytics_only(), i, "/");
    EXPECT_EQ(reply.body.find("<!doctype html><html lang=\"" + shipped_locales().all()[i].language), 0U);
    EXPECT_TRUE(reply.body.ends_with("</main></body></html>"));
    EXPECT_EQ(reply.head.headers.find("Content-Language"), shipped_locales().all()[i].language);
  }
}

TEST_F(PrivacyPagesTest, TellScriptsTheStateButNotTheVisitor) {
  const auto reply = pages_.state(analytics_only());
  EXPECT_EQ(
      reply.body,
      R"({"site":"example","asked":true,"purposes":["necessary","analytics"],"vendors_granted":[],)"
      R"("vendors_refused":[],"source":"banner","policy_version":"2026-11","given_at":"2026-11-22T12:00:00Z"})");
  EXPECT_EQ(reply.head.headers.find("Content-Type"), "application/json");
  EXPECT_THAT(pages_.state({}).body, HasSubstr("\"asked\":false,\"purposes\":[\"necessary\"]"));
  EXPECT_THAT(pages_.receipt(analytics_only()).body, Not(HasSubstr(analytics_only().visitor_id)));
}

TEST_F(PrivacyPagesTest, DeclarePurposesVendorsAndTheirOwnCookie) {
  EXPECT_EQ(pages_.declaration().body,
            R"({"site":"example","policy_version":"2026-11","policy_url":"/privacy",)"
            R"("purposes":["necessary","functional","analytics","marketing"],"vendors":[)"
            R"({"id":"youtube","name":"YouTube","purpose":"functional","country":"US",)"
            R"("policy_url":"https://policies.example/yt"},)"
            R"({"id":"google-analytics","name":"Google Analytics","purpose":"analytics","country":"US"}],)"
            R"("cookies":[{"name":"portvakt","purpose":"necessary","seconds":15552000}]})");
}

TEST_F(PrivacyPagesTest, GiveAReceiptOfAChoiceThatStands) {
  const auto reply = pages_.receipt(analytics_only());
  EXPECT_EQ(reply.head.status, 200);
  EXPECT_THAT(reply.body, HasSubstr("\"refused\":[\"functional\",\"marketing\"]"));
  EXPECT_THAT(reply.body, HasSubstr("\"expires_at\":\"2027-05-21T12:00:00Z\""));
  EXPECT_EQ(pages_.receipt({}).head.status, 404);
}

TEST_F(PrivacyPagesTest, DeclareThatGpcIsHeard) {
  EXPECT_EQ(PrivacyPages::gpc_support().body, R"({"gpc":true,"lastUpdate":"2026-11-22"})");
}

TEST(IsoDate, IsRightAtTheEdgesOfTheCalendar) {
  using namespace std::chrono;
  EXPECT_EQ(iso_date(WallTime{}), "1970-01-01");
  EXPECT_EQ(iso_date(sys_days{2028y / 2 / 29} + 23h + 59min + 59s), "2028-02-29");
  EXPECT_EQ(iso_time(sys_days{2028y / 3 / 1}), "2028-03-01T00:00:00Z");
}

}  // namespace
}  // namespace portvakt::consent
