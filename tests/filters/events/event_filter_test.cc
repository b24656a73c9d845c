#include "filters/events/event_filter.h"

#include <gtest/gtest.h>

#include "filters/events/event_budget.h"
#include "filters/events/visit_script.h"
#include "tests/support/fake_clock.h"

namespace portvakt::events {
namespace {

using filters::Step;

class EventFilterTest : public testing::Test {
 protected:
  EventFilterTest() {
    notes_.consent.granted.add(filters::kAnalytics);
    notes_.consent.visitor_id = "someone";
    head_.authority = "www.example.test";
  }

  /// The status of the answer; 0 if the request goes on.
  int request(const std::string& method, const std::string& target,
              std::string_view fetch_site = "same-origin", std::optional<std::string> body = std::nullopt) {
    head_.method = method;
    head_.target = target;
    head_.headers = {};
    if (!fetch_site.empty()) head_.headers.add("Sec-Fetch-Site", fetch_site);
    if (method == "GET") head_.headers.add("Sec-Fetch-Dest", "document");
    std::optional<IpAddress> client;
    filters::RequestContext context{head_, notes_, clock_, client, true, std::nullopt, {}};
    context.events = &budget_;
    Step step = filter_.on_request(context);
    collected_ = step == Step::CollectBody;
    if (collected_) {
      context.body = std::move(body);
      step = filter_.on_request(context);
    }
    return step == Step::Replied ? context.reply.head.status : 0;
  }
  int tell(std::string text) { return request("POST", "/.privacy/note", "same-origin", std::move(text)); }

  EventFilter filter_{EventSettings{}};
  FakeClock clock_;
  EventBudget budget_;
  http::RequestHead head_;
  filters::Notes notes_;
  bool collected_ = false;
};

TEST_F(EventFilterTest, PutsTheScriptIntoPagesOfThoseWhoGrantedAnalytics) {
  EXPECT_EQ(request("GET", "/"), 0);
  EXPECT_EQ(notes_.head_insertion, "<script>" + visit_script("/.privacy/") + "</script>");
  EXPECT_TRUE(notes_.page_tells_events);
}

TEST_F(EventFilterTest, PutsNoneIntoOthersAndIntoNoRobots) {
  notes_.consent.granted.remove(filters::kAnalytics);
  EXPECT_EQ(request("GET", "/"), 0);
  EXPECT_EQ(notes_.head_insertion, "");
  notes_.consent.granted.add(filters::kAnalytics);
  notes_.device = "bot";
  EXPECT_EQ(request("GET", "/"), 0);
  EXPECT_EQ(notes_.head_insertion, "");
}

TEST_F(EventFilterTest, TakesAnEvent) {
  EXPECT_EQ(tell("leave\nl\n17\n/pumps\n"), 204);
  ASSERT_TRUE(notes_.event);
  EXPECT_EQ(notes_.event->name, "leave");
  EXPECT_EQ(notes_.event->seconds, 17U);
}

TEST_F(EventFilterTest, HearsNobodyWithoutAnalyticsConsentAndDoesNotEvenReadOn) {
  notes_.consent.granted.remove(filters::kAnalytics);
  EXPECT_EQ(tell("view\nl\n\n/\n"), 204);
  EXPECT_FALSE(notes_.event);
  EXPECT_FALSE(collected_);
}

TEST_F(EventFilterTest, HearsNoOtherSite) {
  for (const std::string_view from : {"cross-site", "same-site", "none", ""}) {
    EXPECT_EQ(request("POST", "/.privacy/note", from, "view\nl\n\n/\n"), 403) << from;
    EXPECT_FALSE(notes_.event);
  }
}

TEST_F(EventFilterTest, RefusesWhatIsNoEvent) {
  EXPECT_EQ(tell("{\"event\":\"view\"}"), 400);
  EXPECT_EQ(request("GET", "/.privacy/note"), 405);
  EXPECT_FALSE(notes_.event);
}

TEST_F(EventFilterTest, TakesSoManyOfAVisitorAndMoreWithTime) {
  for (std::uint32_t i = 0; i < EventBudget::kBurst; ++i) ASSERT_EQ(tell("view\nl\n\n/\n"), 204);
  EXPECT_EQ(tell("view\nl\n\n/\n"), 429);
  notes_.consent.visitor_id = "somebody else";
  EXPECT_EQ(tell("view\nl\n\n/\n"), 204);
  notes_.consent.visitor_id = "someone";
  clock_.advance(EventBudget::kEarnedEvery);
  EXPECT_EQ(tell("view\nl\n\n/\n"), 204);
  EXPECT_EQ(tell("view\nl\n\n/\n"), 429);
}

TEST(VisitScript, SpeaksToTheConsentPathOfItsSite) {
  EXPECT_NE(visit_script("/.choices/").find("'/.choices/note'"), std::string::npos);
  EXPECT_EQ(visit_script("/.privacy/").find("</"), std::string::npos);
}

}  // namespace
}  // namespace portvakt::events
