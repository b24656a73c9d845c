#include "insights/pages/screens.h"

#include <gtest/gtest.h>

#include "insights/pages/layout.h"
#include "insights/pages/picker.h"
#include "insights/pages/sentences.h"
#include "insights/pages/state.h"
#include "tests/insights/made_reports.h"

namespace portvakt::insights {
namespace {

Frame made_frame(ScreenState state) {
  Frame frame;
  frame.state = std::move(state);
  frame.sites = {"a", "b"};
  frame.today = kToday;
  frame.small_group = 5;
  return frame;
}

std::string overview(const ScreenState& state) {
  MadeReports reports;
  const auto frame = made_frame(state);
  return page(frame, "a", overview_screen(frame, *ask_overview(reports, state)));
}

TEST(ScreenState, IsWholeInItsAddress) {
  for (const char* address :
       {"?site=a", "?site=a&period=7d", "?site=a&from=2026-10-01&to=2026-10-31&compare=year",
        "?site=a&compare=custom&compare_from=2025-01-01&compare_to=2025-01-31",
        "?site=a&f=country%3D%3DNO&f=page%3D^/products", "?site=a&metric=bounce&show=entry,referrer&lang=fi",
        "?site=a&table=referrer&offset=100&contains=x"}) {
    const auto state = parse_state(std::string_view(address).substr(1));
    const auto again = state_query(state);
    EXPECT_EQ(state_query(parse_state(std::string_view(again).substr(1))), again) << address;
    EXPECT_EQ(again == "?site=a", std::string_view(address) == "?site=a") << address;
  }
}

TEST(ScreenState, TakesNonsenseForTheDefault) {
  const auto usual = state_query(parse_state("site=a"));
  for (const char* address :
       {"site=a&period=century", "site=a&from=2026-02-30&to=2026-03-01",
        "site=a&from=2026-03-01&to=2026-02-01", "site=a&compare=custom", "site=a&f=", "site=a&f=nonsense",
        "site=a&metric=love", "site=a&lang=xx", "site=a&show=,,,bot", "site=a&offset=-1"}) {
    EXPECT_EQ(state_query(parse_state(address)), usual) << address;
  }
}

TEST(ScreenState, ReadsAFilterFromItsForm) {
  const auto state = parse_state("site=a&filter_by=country&filter_match=is-not&filter_value=NO");
  ASSERT_EQ(state.filters.size(), 1U);
  EXPECT_EQ(state.filters[0], (Filter{Dimension::Country, Match::IsNot, {"NO"}}));
  EXPECT_EQ(without_filter(state, 0).filters.size(), 0U);
  EXPECT_EQ(with_filter(state, state.filters[0]).filters.size(), 1U) << "once is enough";
}

TEST(ScreenState, KnowsItsDays) {
  const auto days = [](const char* address) { return period_of(parse_state(address), kToday); };
  EXPECT_EQ(days("period=7d"), (Period{kToday - 6, kToday}));
  EXPECT_EQ(days("period=month"), (Period{kToday - 21, kToday}));
  EXPECT_EQ(days("period=last-month"), (Period{kToday - 21 - 31, kToday - 22}));
  EXPECT_EQ(days("from=2026-11-22&to=2026-11-22"), (Period{kToday, kToday}));
}

TEST(Overview, NamesVisitsChangeOriginAndConsent) {
  const auto said = overview_sentences(
      Words(Language::En), *ask_overview(*std::make_unique<MadeReports>(), parse_state("site=a")));
  ASSERT_EQ(said.size(), 3U);
  EXPECT_EQ(said[0], "12,000 page views, 10% more than in the compared period.");
  EXPECT_EQ(said[1], "Most came by Search engines; the largest gain is /, 240 more page views.");
  EXPECT_TRUE(said[2].starts_with("40% of the page views are of visitors who allowed analytics (40% before)"))
      << said[2];
}

TEST(Overview, SaysBesideEachNumberHowFarItCarries) {
  const auto text = overview(parse_state("site=a"));
  for (const char* part : {"<strong>1,200</strong>", "before: 1,090", "likely 2,868\u20133,132 in all",
                           "seen in 40% of page views", "everybody, nobody recognised", "not over yet"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part;
  }
}

TEST(Overview, WithholdsWhatIsOfTooFew) {
  MadeReports reports;
  auto answer = *ask_overview(reports, parse_state("site=a"));
  answer.totals.now.figures.few = true;
  const auto text = overview_screen(made_frame(parse_state("site=a")), answer);
  EXPECT_EQ(text.find("<strong>1,200</strong>"), std::string::npos);
  EXPECT_NE(text.find("Too few visitors to be shown"), std::string::npos);
}

TEST(Overview, EscapesWhatStrangersWrote) {
  const auto text = overview(parse_state("site=a&f=page%3D%3D%22%3E%3Cb%3E&contains=%22%3E%3Cb%3E"));
  EXPECT_EQ(text.find("<script>alert"), std::string::npos);
  EXPECT_EQ(text.find("<b>\""), std::string::npos);
  EXPECT_EQ(text.find("\"><b>"), std::string::npos);
  EXPECT_NE(text.find("&lt;script&gt;alert(1)"), std::string::npos);
}

TEST(Overview, MakesEachRowALinkThatAddsAFilter) {
  const auto text = overview(parse_state("site=a&f=channel%3D%3Dmail"));
  EXPECT_NE(text.find("/overview?site=a&amp;f=channel%3D%3Dmail&amp;f=country%3D%3DNO"), std::string::npos);
  EXPECT_NE(text.find("Remove: Channel is E-mail"), std::string::npos);
}

TEST(Overview, CanBeReadByNobodyElseWhenShared) {
  MadeReports reports;
  auto frame = made_frame(parse_state("site=a"));
  frame.shared_until = "1 Dec 2026";
  const auto text = page(frame, "a", overview_screen(frame, *ask_overview(reports, frame.state)));
  EXPECT_EQ(text.find("href=\"/"), text.find("href=\"/assets/")) << "no link leads anywhere but to the style";
  EXPECT_EQ(text.find("<form"), std::string::npos);
  EXPECT_NE(text.find("Shared view until 1 Dec 2026"), std::string::npos);
}

TEST(Overview, SpeaksEveryLanguage) {
  for (const auto language : kLanguages) {
    auto state = parse_state("site=a");
    state.language = language;
    auto frame = made_frame(state);
    frame.words = Words(language);
    MadeReports reports;
    const auto text = page(frame, "a", overview_screen(frame, *ask_overview(reports, state)));
    EXPECT_NE(text.find("<html lang=\"" + std::string(language_code(language)) + "\""), std::string::npos);
    EXPECT_NE(text.find(Words(language)(Text::visitors)), std::string::npos);
  }
}

}  // namespace
}  // namespace portvakt::insights
