#include "filters/consent/consent_filter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/filters/consent/site_settings.h"
#include "tests/support/fake_clock.h"

namespace portvakt::consent {
namespace {

using filters::Step;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

/// One exchange as far as the consent filter sees it, and the browser's cookie from one to the next.
class ConsentFilterTest : public testing::Test {
 protected:
  using Headers = std::vector<std::pair<std::string, std::string>>;

  Step request(std::string method, std::string target, const Headers& headers = {},
               std::optional<std::string> body = std::nullopt) {
    head_ = {};
    head_.method = std::move(method);
    head_.target = std::move(target);
    head_.authority = "www.example.test";
    for (const auto& [name, value] : headers) head_.headers.add(name, value);
    if (!cookie_.empty()) head_.headers.add("Cookie", cookie_);
    notes_ = {};
    notes_.country = country_;
    std::optional<IpAddress> client;
    filters::RequestContext context{head_, notes_, clock_, client, tls_, std::nullopt, {}};
    auto step = filter_.on_request(context);
    if (step == Step::CollectBody) {
      collected_ = true;
      context.body = std::move(body);
      step = filter_.on_request(context);
    }
    reply_ = std::move(context.reply);
    return step;
  }

  Step page(const Headers& more = {}) {
    Headers headers = {{"Sec-Fetch-Dest", "document"}};
    headers.insert(headers.end(), more.begin(), more.end());
    return request("GET", "/shop?item=1", headers);
  }

  /// Posts as a form of our own page does, and keeps the cookie.
  int choose(const std::string& body, Headers headers = {{"Sec-Fetch-Site", "same-origin"}}) {
    EXPECT_EQ(request("POST", "/.privacy/choice", headers, body), Step::Replied);
    if (const auto set = reply_.head.headers.find("Set-Cookie")) {
      cookie_ = std::string(set->substr(0, set->find(';')));
    }
    return reply_.head.status;
  }

  std::string sent_purposes() const {
    return std::string(head_.headers.find("Consent-Purposes").value_or("none"));
  }
  std::string reply_header(std::string_view name) const {
    return std::string(reply_.head.headers.find(name).value_or("none"));
  }

  ConsentSettings settings_ = site_settings();
  ConsentFilter filter_{settings_};
  FakeClock clock_;
  http::RequestHead head_;
  filters::Notes notes_;
  filters::Reply reply_;
  std::string cookie_;
  std::string country_ = "NO";
  bool tls_ = true;
  bool collected_ = false;
};

TEST_F(ConsentFilterTest, WithoutAChoiceOnlyTheNecessaryIsGranted) {
  EXPECT_EQ(page(), Step::Continue);
  EXPECT_EQ(sent_purposes(), "necessary");
  EXPECT_FALSE(notes_.consent.chosen);
  EXPECT_EQ(notes_.consent.source, ConsentSource::RegionDefault);
}

TEST_F(ConsentFilterTest, AcceptingGrantsAllFromTheNextRequestOn) {
  EXPECT_EQ(choose("choice=accept-all&return=%2Fshop"), 303);
  EXPECT_TRUE(collected_);
  EXPECT_EQ(reply_header("Location"), "/shop");
  page();
  EXPECT_EQ(sent_purposes(), "necessary, functional, analytics, marketing");
  EXPECT_TRUE(notes_.consent.chosen);
  EXPECT_EQ(notes_.consent.visitor_id.size(), 22U);
}

TEST_F(ConsentFilterTest, RejectingLeavesNoIdentifierAndNoSecond) {
  clock_.advance(std::chrono::milliseconds(34'567));
  choose("choice=reject-all");
  EXPECT_EQ(notes_.consent.visitor_id, "");
  EXPECT_EQ(notes_.receipt->state.visitor_id, "");
  EXPECT_EQ(notes_.consent.given_at.time_since_epoch() % std::chrono::minutes(1),
            std::chrono::milliseconds(0));
  page();
  EXPECT_EQ(sent_purposes(), "necessary");
  EXPECT_TRUE(notes_.consent.chosen);
}

TEST_F(ConsentFilterTest, OnlyAnalyticsMakesAVisitorIdAndKeepsItWhileGranted) {
  choose("choice=selected&purpose=functional&purpose=marketing");
  EXPECT_EQ(notes_.consent.visitor_id, "");
  choose("choice=selected&purpose=analytics");
  const auto id = notes_.consent.visitor_id;
  EXPECT_EQ(id.size(), 22U);
  choose("choice=accept-all");
  EXPECT_EQ(notes_.consent.visitor_id, id);
  choose("choice=reject-all");
  EXPECT_EQ(notes_.consent.visitor_id, "");
  choose("choice=accept-all");
  EXPECT_NE(notes_.consent.visitor_id, id);
}

TEST_F(ConsentFilterTest, EachChoiceLeavesAReceipt) {
  choose("choice=selected&purpose=analytics&from=preferences",
         {{"Sec-Fetch-Site", "same-origin"}, {"Accept-Language", "nb"}});
  ASSERT_TRUE(notes_.receipt);
  EXPECT_EQ(notes_.receipt->choice, "selected");
  EXPECT_EQ(notes_.receipt->language, "nb");
  EXPECT_EQ(notes_.receipt->region, "NO");
  EXPECT_EQ(notes_.receipt->text_version, "1");
  EXPECT_EQ(notes_.receipt->receipt_id.size(), 22U);
  EXPECT_EQ(notes_.receipt->state, notes_.consent);
  EXPECT_EQ(notes_.consent.source, ConsentSource::Preferences);
  EXPECT_EQ(notes_.consent.policy_version, "2026-11");
}

TEST_F(ConsentFilterTest, TheCookieIsSetInTheReplyAndNoted) {
  choose("choice=accept-all");
  EXPECT_THAT(reply_header("Set-Cookie"), StartsWith("portvakt=1."));
  EXPECT_THAT(reply_header("Set-Cookie"),
              HasSubstr("; Path=/; Max-Age=15552000; HttpOnly; SameSite=Lax; Secure"));
  ASSERT_EQ(notes_.set_cookies.size(), 1U);
  EXPECT_EQ(notes_.set_cookies[0], reply_header("Set-Cookie"));
  tls_ = false;
  choose("choice=accept-all");
  EXPECT_THAT(reply_header("Set-Cookie"), Not(HasSubstr("Secure")));
}

TEST_F(ConsentFilterTest, AScriptGets204AndNoRedirect) {
  EXPECT_EQ(choose("choice=accept-all", {{"Sec-Fetch-Site", "same-origin"}, {"Accept", "application/json"}}),
            204);
  EXPECT_EQ(reply_header("Location"), "none");
  EXPECT_EQ(reply_.body, "");
  EXPECT_THAT(reply_header("Set-Cookie"), StartsWith("portvakt="));
}

TEST_F(ConsentFilterTest, AForeignPageCannotChoose) {
  EXPECT_EQ(choose("choice=accept-all", {{"Sec-Fetch-Site", "cross-site"}}), 403);
  EXPECT_EQ(choose("choice=accept-all", {{"Origin", "null"}}), 403);
  EXPECT_EQ(choose("choice=accept-all", {}), 403);
  EXPECT_FALSE(collected_) << "a refused body is not worth waiting for";
  EXPECT_EQ(reply_header("Set-Cookie"), "none");
  EXPECT_FALSE(notes_.receipt);
  EXPECT_TRUE(notes_.set_cookies.empty());
}

TEST_F(ConsentFilterTest, AFormWithoutAChoiceIsRefused) {
  EXPECT_EQ(choose("purpose=analytics"), 400);
  EXPECT_EQ(choose("choice=perhaps"), 400);
  EXPECT_EQ(reply_header("Set-Cookie"), "none");
  EXPECT_EQ(request("POST", "/.privacy/choice?choice=accept-all", {{"Sec-Fetch-Site", "same-origin"}}, ""),
            Step::Replied);
  EXPECT_EQ(reply_.head.status, 400);
  EXPECT_EQ(choose("choice=accept-all", {{"Sec-Fetch-Site", "same-origin"}, {"Content-Type", "text/plain"}}),
            400);
  EXPECT_EQ(
      choose("choice=accept-all", {{"Sec-Fetch-Site", "same-origin"},
                                   {"Content-Type", "application/x-www-form-urlencoded; charset=UTF-8"}}),
      303);
}

TEST_F(ConsentFilterTest, OtherMethodsAreRefusedWithThoseAllowed) {
  EXPECT_EQ(request("GET", "/.privacy/choice"), Step::Replied);
  EXPECT_EQ(reply_.head.status, 405);
  EXPECT_EQ(reply_header("Allow"), "POST");
  request("OPTIONS", "/.privacy/choice");
  EXPECT_EQ(reply_.head.status, 405);
  request("POST", "/.privacy/");
  EXPECT_EQ(reply_.head.status, 405);
  EXPECT_EQ(reply_header("Allow"), "GET, HEAD");
  request("HEAD", "/.privacy/");
  EXPECT_EQ(reply_.head.status, 200);
}

TEST_F(ConsentFilterTest, AChoiceNeverLeadsAwayOrInACircle) {
  choose("choice=reject-all&return=%2F%2Fevil.test");
  EXPECT_EQ(reply_header("Location"), "/");
  choose("choice=reject-all&return=%2Fa%0D%0ASet-Cookie%3A+a%3Db");
  EXPECT_EQ(reply_header("Location"), "/");
  choose("choice=reject-all&return=%2F.privacy%2Fchoice");
  EXPECT_EQ(reply_header("Location"), "/");
}

TEST_F(ConsentFilterTest, AnswersOnlyItsOwnPaths) {
  for (const auto* target : {"/.privacy/", "/.privacy/?return=/a", "/.privacy/state.json",
                             "/.privacy/declaration.json", "/.well-known/gpc.json"}) {
    EXPECT_EQ(request("GET", target), Step::Replied) << target;
    EXPECT_EQ(reply_.head.status, 200) << target;
    EXPECT_EQ(reply_header("Set-Cookie"), "none") << target;
  }
  for (const auto* target : {"/.privacy/nothing", "/.privacy/choice/", "/.privacy/receipt.json"}) {
    EXPECT_EQ(request("GET", target), Step::Replied) << target;
    EXPECT_EQ(reply_.head.status, 404) << target;
  }
  for (const auto* target : {"/", "/.privacy", "/privacy/", "/.well-known/security.txt", "*"}) {
    EXPECT_EQ(request("GET", target), Step::Continue) << target;
  }
}

TEST_F(ConsentFilterTest, TheConsentPathIsAnOption) {
  auto settings = site_settings();
  settings.path = "/personvern/";
  const ConsentFilter filter(settings);
  head_.method = "GET";
  std::optional<IpAddress> client;
  filters::RequestContext context{head_, notes_, clock_, client, true, std::nullopt, {}};
  head_.target = "/.privacy/";
  EXPECT_EQ(filter.on_request(context), Step::Continue);
  head_.target = "/personvern/";
  EXPECT_EQ(filter.on_request(context), Step::Replied);
  EXPECT_THAT(context.reply.body, HasSubstr("action=\"/personvern/choice\""));
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
  ASSERT_TRUE(filter_.on_response(context));
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
  for (const Headers& headers :
       std::vector<Headers>{{{"Sec-Fetch-Dest", "iframe"}, {"Accept", "text/html"}},
                            {{"Sec-Fetch-Dest", "empty"}, {"Accept", "text/html"}},
                            {{"Sec-Fetch-Dest", "image"}},
                            {{"Accept", "text/html"}, {"X-Requested-With", "XMLHttpRequest"}},
                            {{"Accept", "*/*"}},
                            {}}) {
    EXPECT_EQ(request("GET", "/", headers), Step::Continue);
    EXPECT_EQ(notes_.body_insertion, "");
  }
}

TEST_F(ConsentFilterTest, APageThatCameByPostIsAskedWithoutTheReloadingScript) {
  request("POST", "/search", {{"Sec-Fetch-Dest", "document"}});
  EXPECT_THAT(notes_.body_insertion, HasSubstr("name=\"return\" value=\"/\""));
  EXPECT_THAT(notes_.body_insertion, Not(HasSubstr("<script")));
  page();
  EXPECT_THAT(notes_.body_insertion, HasSubstr("<script>"));
}

TEST_F(ConsentFilterTest, AfterAChoiceOnlyTheWayBackIsThere) {
  choose("choice=reject-all");
  page();
  EXPECT_THAT(notes_.body_insertion, Not(HasSubstr("<form")));
  EXPECT_THAT(notes_.body_insertion, HasSubstr("data-portvakt=\"open\""));
  EXPECT_THAT(notes_.body_insertion, HasSubstr("href=\"/.privacy/?return=/shop%3Fitem%3D1\""));
}

TEST_F(ConsentFilterTest, ABrowserThatObjectsIsNotAsked) {
  page({{"Sec-GPC", "1"}});
  EXPECT_THAT(notes_.body_insertion, Not(HasSubstr("<form")));
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
  EXPECT_THAT(notes_.body_insertion, Not(HasSubstr("<form")));
}

}  // namespace
}  // namespace portvakt::consent
