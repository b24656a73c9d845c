#include "filters/consent/rights_paths.h"

#include "filters/consent/form_post.h"
#include "tests/filters/consent/rights_exchange.h"

namespace portvakt::consent {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using RightsPathsTest = RightsExchange;

TEST_F(RightsPathsTest, WithoutAnIdThereIsNothingToShowAndNobodyIsAsked) {
  EXPECT_EQ(get("my-data"), 200);
  EXPECT_THAT(reply_.body, HasSubstr("Nothing is kept here"));
  EXPECT_EQ(get("my-data.json"), 404);
  EXPECT_EQ(get("my-data.csv"), 404);
  EXPECT_EQ(get("erase"), 200);
  EXPECT_THAT(reply_.body, Not(HasSubstr("<form")));
  EXPECT_EQ(post("erase", "confirm=yes"), 303);
  EXPECT_EQ(notes_.erased_visitor, "");
  choose("choice=reject-all");
  EXPECT_EQ(get("my-data"), 200);
  EXPECT_TRUE(asked_.empty());
}

TEST_F(RightsPathsTest, AVisitorSeesWhatIsKeptUnderTheOwnIdAlone) {
  accept();
  const auto id = visitor();
  EXPECT_EQ(get("my-data"), 200);
  ASSERT_EQ(asked_.size(), 1U);
  EXPECT_EQ(asked_[0].visitor, id);
  EXPECT_EQ(asked_[0].site, "example");
  EXPECT_THAT(reply_.body, HasSubstr("Records: 2"));
  EXPECT_THAT(reply_.body, HasSubstr("2027-01-01 00:00</time> <code>GET /a&quot;&lt;b&gt;</code>"));
  EXPECT_THAT(reply_.body, Not(HasSubstr(id)));
  cookie_ = "portvakt=1.forged";
  get("my-data");
  EXPECT_TRUE(asked_.empty());
}

TEST_F(RightsPathsTest, DataIsTakenAlongAsJsonAndCsvWithTheirDescriptions) {
  accept();
  EXPECT_EQ(get("my-data.json"), 200);
  EXPECT_EQ(reply_header("Content-Disposition"), "attachment; filename=\"my-data.json\"");
  EXPECT_THAT(reply_.body, StartsWith(R"({"$schema":"my-data.schema.json","site":"example","made_at":")"));
  EXPECT_THAT(reply_.body,
              HasSubstr(R"({"stream":"requests","t":"1798761600000","method":"GET","path":"/a\"\u003cb>")"));
  EXPECT_EQ(get("my-data.csv"), 200);
  EXPECT_THAT(reply_.body, StartsWith("stream,id,t,site,"));
  EXPECT_THAT(reply_.body, HasSubstr("\"/a\"\"<b>\""));
  EXPECT_THAT(reply_.body, HasSubstr("\"'=accept-all\"")) << "no cell is a formula";
  EXPECT_THAT(reply_.body, EndsWith("\"odd=x,y\"\r\n"));
  EXPECT_EQ(get("my-data.json", {{"Sec-Fetch-Dest", "empty"}}), 403) << "a script of the page";
  EXPECT_EQ(get("my-data.csv", {{"Sec-Fetch-Dest", "script"}}), 403);
  EXPECT_EQ(get("my-data.json", {{"Sec-Fetch-Dest", "document"}}), 200);
  for (const auto* description : {"my-data.schema.json", "my-data.csv-metadata.json"}) {
    EXPECT_EQ(get(description), 200);
    EXPECT_THAT(reply_.body, HasSubstr("browser_version"));
  }
}

TEST_F(RightsPathsTest, ErasingNeedsAConfirmationAndForgetsTheIdAtOnce) {
  accept();
  const auto id = visitor();
  EXPECT_EQ(post("erase"), 303);
  EXPECT_EQ(reply_header("Location"), "/.privacy/erase");
  EXPECT_EQ(notes_.erased_visitor, "");
  get("erase");
  EXPECT_THAT(reply_.body, HasSubstr("name=\"confirm\" value=\"yes\""));
  EXPECT_EQ(post("erase", "confirm=yes"), 303);
  EXPECT_TRUE(asked_.empty()) << "it does not depend on Redis";
  EXPECT_EQ(notes_.erased_visitor, id);
  ASSERT_TRUE(notes_.receipt);
  EXPECT_EQ(notes_.receipt->choice, "erasure");
  EXPECT_EQ(notes_.receipt->state.visitor_id, "");
  page();
  EXPECT_EQ(sent_purposes(), "necessary, functional, marketing") << "the rest of the choice stands";
  EXPECT_EQ(visitor(), "");
  get("my-data?done=erased");
  EXPECT_THAT(reply_.body, HasSubstr("Your data is being erased"));
}

TEST_F(RightsPathsTest, WhileFrozenNoIdTravelsOutsideThePrivacyPages) {
  accept();
  const auto id = visitor();
  EXPECT_EQ(post("restrict"), 303);
  ASSERT_EQ(asked_.size(), 1U);
  EXPECT_EQ(asked_[0].asked, Asked::Restrict);
  EXPECT_EQ(asked_[0].visitor, id);
  page();
  EXPECT_EQ(visitor(), "") << "no record can be linked";
  EXPECT_EQ(sent_purposes(), "necessary, functional, analytics, marketing");
  get("my-data");
  EXPECT_EQ(asked_.at(0).visitor, id) << "what is kept is still the visitor's to see";
  EXPECT_THAT(reply_.body, HasSubstr("frozen since <time datetime=\"2026-11-22\">"));
  choose("choice=accept-all");
  keep_cookies();
  page();
  EXPECT_EQ(visitor(), "") << "a new choice makes no new id meanwhile";
  EXPECT_EQ(post("release"), 303);
  EXPECT_EQ(asked_.at(0).asked, Asked::Release);
  page();
  EXPECT_EQ(visitor(), id);
  EXPECT_FALSE(jar_.contains("portvakt-frozen"));
}

TEST_F(RightsPathsTest, WhatIsFrozenCanBeErased) {
  accept();
  const auto id = visitor();
  post("restrict");
  EXPECT_EQ(post("erase", "confirm=yes"), 303);
  EXPECT_EQ(notes_.erased_visitor, id);
  EXPECT_FALSE(jar_.contains("portvakt-frozen"));
}

TEST_F(RightsPathsTest, AnObjectionSwitchesAnalyticsOffAndIsRecordedWithRedisOrWithout) {
  for (const bool available : {true, false}) {
    jar_.clear();
    cookie_.clear();
    desk_ = [&](const Question& question) { return available ? serve(question) : Answer{}; };
    accept();
    EXPECT_EQ(post("object"), 303);
    ASSERT_TRUE(notes_.receipt);
    EXPECT_EQ(notes_.receipt->choice, "objection");
    EXPECT_FALSE(notes_.receipt->state.grants(filters::kAnalytics));
    EXPECT_EQ(jar_.contains("portvakt-frozen"), available);
    page();
    EXPECT_EQ(sent_purposes(), "necessary, functional, marketing");
    EXPECT_EQ(visitor(), "");
  }
}

TEST_F(RightsPathsTest, AnObjectionIsAChoiceOfThoseWhoMadeNone) {
  EXPECT_EQ(post("object"), 303);
  page();
  EXPECT_TRUE(notes_.consent.chosen);
  EXPECT_EQ(sent_purposes(), "necessary");
}

TEST_F(RightsPathsTest, WithoutRedisPagesSaySoAndChangeNothing) {
  accept();
  desk_ = nullptr;
  const auto before = cookie_;
  for (const auto* path : {"my-data", "my-data.json", "my-data.csv"}) {
    EXPECT_EQ(get(path), 503) << path;
    EXPECT_EQ(reply_header("Retry-After"), "120");
    EXPECT_THAT(reply_.body, HasSubstr("This is not available right now"));
  }
  for (const auto* path : {"restrict", "code"}) EXPECT_EQ(post(path), 503) << path;
  EXPECT_EQ(post("device", "code=k3f7-9qmw-x2ah"), 503);
  EXPECT_EQ(cookie_, before);
  EXPECT_EQ(post("requests", "number=abcdefghijklmnop&kind=access&words=Please+%3Cdo%3E&contact=me"), 503);
  EXPECT_THAT(reply_.body, HasSubstr("Please &lt;do&gt;</textarea>")) << "what was written is still there";
  EXPECT_THAT(reply_.body, HasSubstr("value=\"abcdefghijklmnop\""))
      << "and would be filed under the same number";
  EXPECT_THAT(reply_.body, HasSubstr("value=\"access\" checked"));
}

TEST_F(RightsPathsTest, ARequestIsFiledAndFoundAgainByItsNumber) {
  EXPECT_EQ(
      post("requests", "number=abcd-efgh-ijkl-mnop&kind=rectification&words=Please%0D%0Afix%00&contact=me"),
      303);
  EXPECT_EQ(reply_header("Location"), "/.privacy/requests?sent=1&number=abcdefghijklmnop");
  EXPECT_EQ(asked_.at(0).facts.at(1).second, "Please\nfix");
  EXPECT_EQ(get("requests?sent=1&number=abcdefghijklmnop"), 200);
  EXPECT_THAT(reply_.body, HasSubstr("Keep this number"));
  EXPECT_THAT(reply_.body, HasSubstr("<p class=\"c\">abcd-efgh-ijkl-mnop</p>"));
  EXPECT_THAT(reply_.body, HasSubstr("<dt>Answer by:</dt><dd>2027-02-28</dd>"));
  EXPECT_EQ(get("requests?number=ABCD+EFGH+IJKL+MNOP"), 200);
  EXPECT_EQ(get("requests?number=zzzzzzzzzzzzzzzz"), 404);
  EXPECT_EQ(get("requests?number=nonsense"), 404);
  EXPECT_TRUE(asked_.empty());
  EXPECT_EQ(post("requests", "number=abcdefghijklmnop&kind=access&words=++"), 400);
}

TEST_F(RightsPathsTest, FormsCountOnlyFromPagesOfThisSite) {
  accept();
  const auto before = cookie_;
  for (const auto* path : {"erase", "restrict", "release", "object", "requests", "device", "code"}) {
    for (const Headers& headers : std::vector<Headers>{{{"Sec-Fetch-Site", "cross-site"}},
                                                       {{"Sec-Fetch-Site", "same-site"}},
                                                       {{"Origin", "https://evil.test"}},
                                                       {{"Origin", "null"}},
                                                       {}}) {
      EXPECT_EQ(post(path, "confirm=yes", headers), 403) << path;
    }
  }
  EXPECT_EQ(cookie_, before);
  EXPECT_EQ(notes_.erased_visitor, "");
  EXPECT_EQ(request("POST", "/.privacy/erase",
                    {{"Sec-Fetch-Site", "same-origin"}, {"Content-Type", "text/plain"}}, "confirm=yes"),
            Step::Replied);
  EXPECT_EQ(reply_.head.status, 400);
}

TEST_F(RightsPathsTest, EveryAddressSaysWhichMethodsItTakes) {
  const auto allow = [&](const std::string& method, const std::string& path) {
    request(method, "/.privacy/" + path, {{"Sec-Fetch-Site", "same-origin"}}, "");
    return std::to_string(reply_.head.status) + " " + reply_header("Allow");
  };
  EXPECT_EQ(allow("GET", "restrict"), "405 POST");
  EXPECT_EQ(allow("POST", "declaration"), "405 GET, HEAD");
  EXPECT_EQ(allow("DELETE", "erase"), "405 GET, HEAD, POST");
  EXPECT_EQ(allow("GET", "nowhere"), "404 none");
  EXPECT_EQ(allow("HEAD", "device"), "200 none");
}

TEST_F(RightsPathsTest, PagesAreWholeDocumentsInEveryLanguage) {
  accept();
  for (const auto& locale : shipped_locales().all()) {
    for (const auto* path : {"declaration", "my-data", "erase", "requests", "device"}) {
      EXPECT_EQ(get(path, {{"Accept-Language", locale.language}}), 200);
      EXPECT_THAT(reply_.body, StartsWith("<!doctype html><html lang=\"" + locale.language + "\""));
      EXPECT_THAT(reply_.body, EndsWith("</main></body></html>"));
      EXPECT_THAT(reply_.body, Not(HasSubstr("<script")));
      EXPECT_EQ(reply_header("Content-Language"), locale.language);
      EXPECT_THAT(reply_header("Content-Security-Policy"),
                  StartsWith("default-src 'none'; style-src 'sha256-"));
      EXPECT_EQ(reply_header("Cache-Control"), "no-store");
    }
  }
}

TEST(TypedText, KeepsLinesAndDropsWhatTerminalsObey) {
  EXPECT_EQ(typed_text("a\r\nb\x1b[31m\xC2\x9B\x7f\tc", 100), "a\nb[31mc");
  EXPECT_EQ(typed_text("\xC3\xA6\xC3\xA6", 3), "\xC3\xA6");
  EXPECT_EQ(typed_text("\xE2\x82\xAC", 2), "");
}

}  // namespace
}  // namespace portvakt::consent
