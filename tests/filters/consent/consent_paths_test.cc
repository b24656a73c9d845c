#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "filters/consent/consent_filter.h"
#include "tests/filters/consent/filter_exchange.h"

namespace portvakt::consent {
namespace {

using filters::Step;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

using ConsentPaths = FilterExchange;

TEST_F(ConsentPaths, AcceptingGrantsAllFromTheNextRequestOn) {
  EXPECT_EQ(choose("choice=accept-all&return=%2Fshop"), 303);
  EXPECT_TRUE(collected_);
  EXPECT_EQ(reply_header("Location"), "/shop");
  page();
  EXPECT_EQ(sent_purposes(), "necessary, functional, analytics, marketing");
  EXPECT_TRUE(notes_.consent.chosen);
  EXPECT_EQ(notes_.consent.visitor_id.size(), 22U);
}

TEST_F(ConsentPaths, RejectingLeavesNoIdentifierAndNoSecond) {
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

TEST_F(ConsentPaths, OnlyAnalyticsMakesAVisitorIdAndKeepsItWhileGranted) {
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

TEST_F(ConsentPaths, EachChoiceLeavesAReceipt) {
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

TEST_F(ConsentPaths, TheCookieIsSetInTheReplyAndNoted) {
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

TEST_F(ConsentPaths, AScriptGets204AndNoRedirect) {
  EXPECT_EQ(choose("choice=accept-all", {{"Sec-Fetch-Site", "same-origin"}, {"Accept", "application/json"}}),
            204);
  EXPECT_EQ(reply_header("Location"), "none");
  EXPECT_EQ(reply_.body, "");
  EXPECT_THAT(reply_header("Set-Cookie"), StartsWith("portvakt="));
}

TEST_F(ConsentPaths, AForeignPageCannotChoose) {
  EXPECT_EQ(choose("choice=accept-all", {{"Sec-Fetch-Site", "cross-site"}}), 403);
  EXPECT_EQ(choose("choice=accept-all", {{"Origin", "null"}}), 403);
  EXPECT_EQ(choose("choice=accept-all", {}), 403);
  EXPECT_FALSE(collected_) << "a refused body is not worth waiting for";
  EXPECT_EQ(reply_header("Set-Cookie"), "none");
  EXPECT_FALSE(notes_.receipt);
  EXPECT_TRUE(notes_.set_cookies.empty());
}

TEST_F(ConsentPaths, AFormWithoutAChoiceIsRefused) {
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

TEST_F(ConsentPaths, OtherMethodsAreRefusedWithThoseAllowed) {
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

TEST_F(ConsentPaths, AChoiceNeverLeadsAwayOrInACircle) {
  choose("choice=reject-all&return=%2F%2Fevil.test");
  EXPECT_EQ(reply_header("Location"), "/");
  choose("choice=reject-all&return=%2Fa%0D%0ASet-Cookie%3A+a%3Db");
  EXPECT_EQ(reply_header("Location"), "/");
  choose("choice=reject-all&return=%2F.privacy%2Fchoice");
  EXPECT_EQ(reply_header("Location"), "/");
}

TEST_F(ConsentPaths, AnswersOnlyItsOwnPaths) {
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

TEST_F(ConsentPaths, TheConsentPathIsAnOption) {
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

}  // namespace
}  // namespace portvakt::consent
