// A year of simulated clock: when a choice lapses and when visitors are asked again, right to the day.
#include <functional>

#include "tests/filters/consent/filter_exchange.h"

namespace portvakt::consent {
namespace {

using std::chrono::days;
using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::year;

class ConsentYear : public FilterExchange {
 protected:
  void begin(sys_days day) { clock_.set_wall(WallTime(day.time_since_epoch())); }
  bool asked_on(sys_days day) {
    begin(day);
    page();
    return !notes_.consent.chosen;
  }
  void configure(const std::function<void(ConsentSettings&)>& change) {
    change(settings_);
    filter_.emplace(settings_);
  }
  /// The first of the next 366 days on which the visitor is asked.
  int days_until_asked(sys_days chosen) {
    for (int day = 1; day <= 366; ++day) {
      if (asked_on(chosen + days(day))) return day;
    }
    return 0;
  }
};

TEST_F(ConsentYear, AsksAgainAfterAHundredAndEightyDaysWhicheverDayItWas) {
  for (const auto chosen :
       {year{2027} / 1 / 31, year{2027} / 8 / 31, year{2028} / 2 / 29, year{2027} / 12 / 31}) {
    for (const auto* choice : {"choice=accept-all", "choice=reject-all"}) {
      cookie_.clear();
      begin(sys_days(chosen));
      ASSERT_EQ(choose(choice), 303);
      EXPECT_EQ(days_until_asked(sys_days(chosen)), 180) << choice;
    }
  }
}

TEST_F(ConsentYear, KeepsAYesAndANoForTheirOwnTimes) {
  configure([](auto& settings) { settings.cookie_life = days(90), settings.refused_life = days(365); });
  const sys_days chosen{year{2027} / 11 / 30};
  begin(chosen);
  choose("choice=accept-all");
  EXPECT_NE(reply_header("Set-Cookie").find("Max-Age=7776000;"), std::string::npos);
  EXPECT_EQ(days_until_asked(chosen), 90);
  cookie_.clear();
  begin(chosen);
  choose("choice=reject-all");
  EXPECT_EQ(days_until_asked(chosen), 365);
}

TEST_F(ConsentYear, LapsesToTheSecond) {
  const sys_days chosen{year{2028} / 2 / 29};
  begin(chosen);
  choose("choice=accept-all");
  clock_.set_wall(WallTime((chosen + days(180)).time_since_epoch()) - seconds(1));
  page();
  EXPECT_TRUE(notes_.consent.chosen);
  clock_.advance(seconds(1));
  page();
  EXPECT_FALSE(notes_.consent.chosen);
}

TEST_F(ConsentYear, AsksAgainWhenThePolicyOrThePurposesChangeAndNotBefore) {
  const sys_days chosen{year{2027} / 3 / 1};
  begin(chosen);
  choose("choice=accept-all");
  EXPECT_FALSE(asked_on(chosen + days(100)));
  configure([](auto& settings) { settings.policy_version = "2027-06"; });
  EXPECT_TRUE(asked_on(chosen + days(100)));
  choose("choice=reject-all");
  EXPECT_FALSE(asked_on(chosen + days(101)));
  configure([](auto& settings) { settings.offered.push_back(*settings.names.add("research")); });
  EXPECT_TRUE(asked_on(chosen + days(101)));
}

TEST_F(ConsentYear, IsNeverAnsweredByGoingOn) {
  const sys_days first{year{2027} / 1 / 1};
  for (int day = 0; day < 366; ++day) ASSERT_TRUE(asked_on(first + days(day))) << day;
  EXPECT_EQ(sent_purposes(), "necessary");
}

TEST_F(ConsentYear, ReceiptsSayUntilWhen) {
  configure([](auto& settings) { settings.refused_life = days(30); });
  const sys_days chosen{year{2027} / 1 / 31};
  begin(chosen);
  choose("choice=accept-all");
  ASSERT_TRUE(notes_.receipt);
  EXPECT_EQ(notes_.receipt->event, "given");
  EXPECT_EQ(notes_.receipt->rule, "opt-in");
  EXPECT_EQ(notes_.receipt->expires, WallTime((chosen + days(180)).time_since_epoch()));
  choose("choice=reject-all", {{"Sec-Fetch-Site", "same-origin"}, {"Sec-GPC", "1"}});
  EXPECT_EQ(notes_.receipt->event, "withdrawn");
  EXPECT_EQ(notes_.receipt->signal, "gpc");
  EXPECT_EQ(notes_.receipt->expires, WallTime((chosen + days(30)).time_since_epoch()));
}

class SharedCookie : public FilterExchange {};

TEST_F(SharedCookie, HoldsForASubdomainAndOfSeveralNoneCounts) {
  settings_.cookie_domain = "example.test";
  filter_.emplace(settings_);
  choose("choice=accept-all");
  const auto all = reply_.head.headers.all("Set-Cookie");
  ASSERT_EQ(all.size(), 2U);
  EXPECT_NE(all[0].find("Max-Age=0"), std::string_view::npos)
      << "one of the host alone would stand beside it";
  EXPECT_EQ(all[0].find("Domain"), std::string_view::npos);
  EXPECT_NE(all[1].find("; Domain=example.test"), std::string_view::npos);
  cookie_ = std::string(all[1].substr(0, all[1].find(';')));
  page();
  EXPECT_TRUE(notes_.consent.chosen);
  cookie_ += "; portvakt=1.other";
  page();
  EXPECT_FALSE(notes_.consent.chosen);
  choose("choice=reject-all");
  EXPECT_EQ(reply_.head.headers.all("Set-Cookie").size(), 4U)
      << "host, www.example.test, example.test, and ours";
}

class Objections : public FilterExchange {};

TEST_F(Objections, DoNotTrackCountsOnlyWhereTheOperatorHeedsIt) {
  settings_.regions = Regions(RegionRule::OptOut);
  filter_.emplace(settings_);
  page({{"DNT", "1"}});
  EXPECT_EQ(sent_purposes(), "necessary, functional, analytics, marketing");
  settings_.do_not_track = true;
  filter_.emplace(settings_);
  page({{"DNT", "1"}});
  EXPECT_EQ(sent_purposes(), "necessary, functional");
  EXPECT_EQ(source_name(notes_.consent.source), "dnt");
  page({{"DNT", "0"}});
  EXPECT_EQ(sent_purposes(), "necessary, functional, analytics, marketing");
  choose("choice=accept-all");
  page({{"DNT", "1"}});
  EXPECT_EQ(sent_purposes(), "necessary, functional, analytics, marketing") << "an explicit later yes wins";
}

}  // namespace
}  // namespace portvakt::consent
