#include "insights/query.h"

#include <gtest/gtest.h>

#include "insights/definitions.h"
#include "insights/reports.h"

namespace portvakt::insights {
namespace {

Day day(int year, unsigned month, unsigned of_month) {
  return std::chrono::sys_days{std::chrono::year{year} / month / of_month}.time_since_epoch().count();
}

TEST(Query, WritesFiltersAsTheyAreRead) {
  const std::vector<Filter> filters = {
      {Dimension::Page, Match::Is, {"/basket", "/check|out\\x"}},
      {Dimension::Country, Match::IsNot, {"NO"}},
      {Dimension::Campaign, Match::Contains, {"a=b"}},
      {Dimension::Referrer, Match::Is, {""}},
      {Dimension::BrowserVersion, Match::Begins, {"Firefox 1"}},
  };
  for (const auto& filter : filters) EXPECT_EQ(parse_filter(filter_text(filter)), filter);
  EXPECT_EQ(filter_text(filters[0]), "page==/basket|/check\\|out\\\\x");
  for (const auto* bad : {"", "page", "page=", "page=x", "nothing==x", "page<>x", "==x"})
    EXPECT_EQ(parse_filter(bad), std::nullopt) << bad;
}

TEST(Query, NamesEveryDimensionOnce) {
  for (std::size_t i = 0; i < kDimensions; ++i) {
    const auto by = static_cast<Dimension>(i);
    EXPECT_FALSE(dimension_name(by).empty());
    EXPECT_EQ(parse_dimension(dimension_name(by)), by);
  }
}

TEST(Query, ComparesWholeMonthsWithMonthsAndOtherPeriodsByLength) {
  const auto compared = [](Period period, Comparison how) {
    return *compared_period({"a", period, how, {}, {}});
  };
  const Period march{day(2026, 3, 1), day(2026, 3, 31)};
  EXPECT_EQ(compared(march, Comparison::Previous), (Period{day(2026, 2, 1), day(2026, 2, 28)}));
  EXPECT_EQ(compared(march, Comparison::YearBefore), (Period{day(2025, 3, 1), day(2025, 3, 31)}));
  const Period leap{day(2024, 2, 1), day(2024, 2, 29)};
  EXPECT_EQ(compared(leap, Comparison::YearBefore), (Period{day(2023, 2, 1), day(2023, 2, 28)}));
  const Period after{day(2025, 2, 1), day(2025, 2, 28)};
  EXPECT_EQ(compared(after, Comparison::YearBefore), (Period{day(2024, 2, 1), day(2024, 2, 29)}));
  const Period week{day(2026, 3, 2), day(2026, 3, 8)};
  EXPECT_EQ(compared(week, Comparison::Previous), (Period{day(2026, 2, 23), day(2026, 3, 1)}));
  const Period year{day(2024, 1, 1), day(2024, 12, 31)};
  EXPECT_EQ(compared(year, Comparison::Previous), (Period{day(2023, 1, 1), day(2023, 12, 31)}));
  EXPECT_EQ(compared_period({"a", week, Comparison::None, {}, {}}), std::nullopt);
}

TEST(Definitions, FitPatternsWithStars) {
  EXPECT_TRUE(fits("/thanks", "/thanks"));
  EXPECT_FALSE(fits("/thanks", "/thanks/2"));
  EXPECT_TRUE(fits("/thanks*", "/thanks/2"));
  EXPECT_TRUE(fits("/orders/*/done", "/orders/7/done/8/done"));
  EXPECT_FALSE(fits("/orders/*/done", "/orders/7"));
  EXPECT_TRUE(fits("*", ""));
  EXPECT_FALSE(fits("", "x"));
}

TEST(Definitions, SayWhatIsWrong) {
  EXPECT_EQ(complaint(Goal{0, "Thanks", {GoalKind::Page, "/thanks"}}), "");
  EXPECT_EQ(complaint(Goal{0, "", {GoalKind::Page, "/thanks"}}), "it needs a name");
  Funnel funnel{0, "f", std::vector<FunnelStep>(9, {"s", {GoalKind::Page, "/"}})};
  EXPECT_EQ(complaint(funnel), "it has more than 8 steps");
  funnel.steps.resize(8);
  EXPECT_EQ(complaint(funnel), "");
  funnel.steps[2].condition.pattern.clear();
  EXPECT_EQ(complaint(funnel), "step 3: it needs an address that is reached");
}

TEST(Estimate, GrowsWithWhatIsNotCovered) {
  EXPECT_EQ(estimate(100, {50, 50}), (Estimate{100, 100, 100}));
  EXPECT_EQ(estimate(100, {25, 100}), (Estimate{400, 332, 468}));
  EXPECT_EQ(estimate(100, {0, 100}), std::nullopt);
  EXPECT_EQ(estimate(0, {1, 2}), (Estimate{0, 0, 0}));
}

}  // namespace
}  // namespace portvakt::insights
