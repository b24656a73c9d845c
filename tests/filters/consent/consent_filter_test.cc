#include "filters/consent/consent_filter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/filters/consent/filter_exchange.h"

namespace portvakt::consent {
namespace {

using filters::Step;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

using ConsentFilterTest = FilterExchange;

TEST_F(ConsentFilterTest, WithoutAChoiceOnlyTheNecessaryIsGranted) {
  EXPECT_EQ(page(), Step::Continue);
  EXPECT_EQ(sent_purposes(), "necessary");
  EXPECT_FALSE(notes_.consent.chosen);
  EXPECT_EQ(notes_.consent.source, ConsentSource::RegionDefault);
}

TEST_F(ConsentFilterTest, NeverSendsItsCookieUpstream) {
  choose("choice=accept-all");
  cookie_ = "a=1; " + cookie_ + "; b=2; portvakt=forged";
  page();
  EXPECT_EQ(head_.headers.find("Cookie"), "a=1; b=2");
  cookie_ = "portvakt=only";
  page();
  EXPECT_FALSE(head_.headers.has("Cookie"));
}

TEST_F(ConsentFilterTest, AClientCannotSpeakForIt) {
  page({{"Consent-Purposes", "necessary, marketing"},
        {"consent_purposes", "marketing"},
        {"CONSENT-PURPOSES", "x"}});
  EXPECT_EQ(head_.headers.count("Consent-Purposes"), 1U);
  EXPECT_FALSE(head_.headers.has("consent_purposes"));
  EXPECT_EQ(sent_purposes(), "necessary");
}

TEST_F(ConsentFilterTest, TheUpstreamCannotSetItsCookie) {
  http::ResponseHead response;
  response.headers.add("Set-Cookie", "portvakt=1.x; Path=/");
  response.headers.add("Set-Cookie", "session=portvakt");
  response.headers.add("set-cookie", " portvakt = y");
  filters::ResponseContext context{head_, response, {}, notes_, clock_, true, {}};
  ASSERT_TRUE(filter_->on_response(context));
  ASSERT_EQ(response.headers.count("Set-Cookie"), 1U);
  EXPECT_EQ(response.headers.find("Set-Cookie"), "session=portvakt");
}

TEST_F(ConsentFilterTest, GpcLowersTheRegionsDefaultButNotAnExplicitChoice) {
  settings_.regions.set("us", RegionRule::OptOut);
  const ConsentFilter filter(settings_);
  const auto purposes = [&](const Headers& headers) {
    http::RequestHead head;
    head.method = "GET";
    head.target = "/";
    for (const auto& [name, value] : headers) head.headers.add(name, value);
    filters::Notes notes;
    notes.country = "US";
    std::optional<IpAddress> client;
    filters::RequestContext context{head, notes, clock_, client, true, std::nullopt, {}};
    filter.on_request(context);
    return std::string(source_name(notes.consent.source)) + ": " +
           std::string(*head.headers.find("Consent-Purposes"));
  };
  EXPECT_EQ(purposes({}), "default: necessary, functional, analytics, marketing");
  EXPECT_EQ(purposes({{"Sec-GPC", "1"}}), "gpc: necessary, functional");
  EXPECT_EQ(purposes({{"Sec-GPC", "0"}}), "default: necessary, functional, analytics, marketing");
  choose("choice=accept-all", {{"Sec-Fetch-Site", "same-origin"}, {"Sec-GPC", "1"}});
  EXPECT_EQ(purposes({{"Sec-GPC", "1"}, {"Cookie", cookie_}}),
            "banner: necessary, functional, analytics, marketing");
}

TEST_F(ConsentFilterTest, GpcNeverRaisesTheRegionsDefault) {
  page({{"Sec-GPC", "1"}});
  EXPECT_EQ(sent_purposes(), "necessary");
}

TEST_F(ConsentFilterTest, AsksOnTopDocumentsOnly) {
  page();
  EXPECT_THAT(notes_.body_insertion, StartsWith("<section id=\"portvakt\""));
  EXPECT_THAT(notes_.body_insertion, HasSubstr("name=\"return\" value=\"/shop?item=1\""));
  request("GET", "/", {{"Accept", "text/html,*/*;q=0.8"}});
  EXPECT_THAT(notes_.body_insertion, HasSubstr("id=\"portvakt\""));
  request("GET", "/", {{"Accept", "*/*"}});
  EXPECT_THAT(notes_.body_insertion, HasSubstr("id=\"portvakt\""));
  for (const Headers& headers :
       std::vector<Headers>{{{"Sec-Fetch-Dest", "iframe"}, {"Accept", "text/html"}},
                            {{"Sec-Fetch-Dest", "empty"}, {"Accept", "text/html"}},
                            {{"Sec-Fetch-Dest", "image"}},
                            {{"Accept", "application/json"}},
                            {{"Accept", "text/html"}, {"X-Requested-With", "XMLHttpRequest"}}}) {
    EXPECT_EQ(request("GET", "/", headers), Step::Continue);
    EXPECT_EQ(notes_.body_insertion, "");
  }
}

TEST_F(ConsentFilterTest, APageThatCameByPostKeepsItsFormFromTheScript) {
  request("POST", "/search", {{"Sec-Fetch-Dest", "document"}});
  EXPECT_THAT(notes_.body_insertion, HasSubstr("name=\"return\" value=\"/\""));
  EXPECT_THAT(notes_.body_insertion, Not(HasSubstr("data-portvakt=\"form\"")));
  page();
  EXPECT_THAT(notes_.body_insertion, HasSubstr("data-portvakt=\"form\""));
}

TEST_F(ConsentFilterTest, AfterAChoiceOnlyTheWayBackIsThere) {
  choose("choice=reject-all");
  page();
  EXPECT_THAT(notes_.body_insertion, Not(HasSubstr("<button")));
  EXPECT_THAT(notes_.body_insertion, HasSubstr("data-portvakt=\"open\""));
  EXPECT_THAT(notes_.body_insertion,
              HasSubstr("href=\"/.privacy/?language=en&amp;return=/shop%3Fitem%3D1\""));
}

TEST_F(ConsentFilterTest, WhatWasGrantedIsWithdrawnByOneButtonOnEveryPage) {
  choose("choice=accept-all");
  page();
  EXPECT_THAT(notes_.body_insertion, HasSubstr("<button name=\"choice\" value=\"reject-all\">Withdraw"));
  choose("choice=selected&vendor=youtube");
  page();
  EXPECT_THAT(notes_.body_insertion, HasSubstr("value=\"reject-all\""));
}

TEST_F(ConsentFilterTest, SpeaksThePagesLanguageOnceThatIsKnown) {
  page({{"Accept-Language", "en"}});
  notes_.speak("tlh");
  EXPECT_THAT(notes_.body_insertion, HasSubstr("Reject all"));
  notes_.speak("nb-NO");
  EXPECT_THAT(notes_.body_insertion, HasSubstr("Avvis alle"));
  EXPECT_THAT(notes_.body_insertion, HasSubstr("name=\"language\" value=\"nb\""));
  EXPECT_EQ(notes_.locale->language, "nb");
}

TEST_F(ConsentFilterTest, AVendorIsAllowedBesidesWhatStands) {
  choose("choice=selected&purpose=analytics");
  choose("allow=youtube");
  page();
  EXPECT_EQ(sent_purposes(), "necessary, analytics");
  EXPECT_EQ(notes_.consent.vendors_granted, std::vector<std::string>{"youtube"});
}

TEST_F(ConsentFilterTest, APageThatIsBroughtUpToDateSaysWhatItWasMadeFor) {
  choose("choice=accept-all");
  request("GET", "/shop", {{"Sec-Fetch-Dest", "empty"}, {"Portvakt-Update", "necessary,analytics,+youtube"}});
  ASSERT_TRUE(notes_.update_from);
  EXPECT_TRUE(notes_.update_from->grants(filters::kAnalytics));
  EXPECT_FALSE(notes_.update_from->grants(filters::kMarketing));
  EXPECT_EQ(notes_.update_from->vendors_granted, std::vector<std::string>{"youtube"});
  EXPECT_THAT(notes_.body_insertion, HasSubstr("role=\"status\""));
  EXPECT_EQ(head_.headers.find("Portvakt-Update"), std::nullopt) << "the upstream does not see it";
}

TEST_F(ConsentFilterTest, ABrowserThatObjectsIsNotAsked) {
  page({{"Sec-GPC", "1"}});
  EXPECT_THAT(notes_.body_insertion, Not(HasSubstr("id=\"portvakt\"")));
  EXPECT_THAT(notes_.body_insertion, HasSubstr("data-portvakt=\"open\""));
}

TEST_F(ConsentFilterTest, AsksAgainWhenTheChoiceHasExpired) {
  choose("choice=accept-all");
  clock_.advance(std::chrono::days(180));
  page();
  EXPECT_EQ(sent_purposes(), "necessary");
  EXPECT_THAT(notes_.body_insertion, HasSubstr("<form"));
}

TEST_F(ConsentFilterTest, HostileAddressesStayInsideTheirAttribute) {
  request("GET", "/\"><script>alert(1)</script>'&", {{"Sec-Fetch-Dest", "document"}});
  EXPECT_THAT(notes_.body_insertion, Not(HasSubstr("<script>alert")));
  choose("choice=reject-all");
  request("GET", "/\"><script>alert(1)</script>'&", {{"Sec-Fetch-Dest", "document"}});
  EXPECT_THAT(notes_.body_insertion, Not(HasSubstr("<script>alert")));
  EXPECT_THAT(notes_.body_insertion, Not(HasSubstr("'&")));
}

TEST_F(ConsentFilterTest, SpeaksTheVisitorsLanguage) {
  page({{"Accept-Language", "nb-NO,en;q=0.5"}});
  EXPECT_THAT(notes_.body_insertion, HasSubstr("Avvis alle"));
  page({{"Accept-Language", "xx"}});
  EXPECT_THAT(notes_.body_insertion, HasSubstr("Reject all"));
}

TEST(Regions, AskFirstUnlessToldOtherwise) {
  Regions regions;
  EXPECT_EQ(regions.rule("NO"), RegionRule::OptIn);
  EXPECT_EQ(regions.rule(""), RegionRule::OptIn);
  regions.set("us", RegionRule::OptOut);
  EXPECT_EQ(regions.rule("US"), RegionRule::OptOut);
  EXPECT_EQ(regions.rule("us"), RegionRule::OptOut);
  EXPECT_EQ(Regions(RegionRule::Notice).rule("JP"), RegionRule::Notice);
}

TEST_F(ConsentFilterTest, NoticeRegionsGetNoBanner) {
  settings_.regions.set("JP", RegionRule::Notice);
  const ConsentFilter filter(settings_);
  head_.method = "GET";
  head_.target = "/";
  head_.headers.add("Sec-Fetch-Dest", "document");
  notes_.country = "JP";
  std::optional<IpAddress> client;
  filters::RequestContext context{head_, notes_, clock_, client, true, std::nullopt, {}};
  filter.on_request(context);
  EXPECT_EQ(sent_purposes(), "necessary, functional, analytics, marketing");
  EXPECT_EQ(notes_.consent.visitor_id, "");
  EXPECT_THAT(notes_.body_insertion, Not(HasSubstr("id=\"portvakt\"")));
}

}  // namespace
}  // namespace portvakt::consent
