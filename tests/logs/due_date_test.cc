#include "proxy/logs/subjects/due_date.h"

#include <gtest/gtest.h>

#include "proxy/logs/redis/ship_keys.h"

namespace portvakt::logs {
namespace {

using namespace std::chrono;

std::string due(year_month_day day, months time, milliseconds into_day = hours{12}) {
  return day_text(due_day(WallTime{sys_days{day} + into_day}, time).time_since_epoch().count());
}

TEST(DueDate, AMonthEndsOnTheDayOfTheSameNumber) {
  EXPECT_EQ(due(2026y / 11 / 27, kAnswerTime), "2026-12-27");
  EXPECT_EQ(due(2026y / 12 / 15, kAnswerTime), "2027-01-15");
  EXPECT_EQ(due(2026y / 11 / 30, kAnswerTime), "2026-12-30");
}

TEST(DueDate, AMonthWithoutThatDayEndsOnItsLast) {
  EXPECT_EQ(due(2027y / 1 / 31, kAnswerTime), "2027-02-28");
  EXPECT_EQ(due(2028y / 1 / 31, kAnswerTime), "2028-02-29");
  EXPECT_EQ(due(2028y / 1 / 30, kAnswerTime), "2028-02-29");
  EXPECT_EQ(due(2028y / 1 / 29, kAnswerTime), "2028-02-29");
  EXPECT_EQ(due(2027y / 1 / 29, kAnswerTime), "2027-02-28");
  EXPECT_EQ(due(2027y / 3 / 31, kAnswerTime), "2027-04-30");
  EXPECT_EQ(due(2100y / 1 / 31, kAnswerTime), "2100-02-28");
  EXPECT_EQ(due(2028y / 2 / 29, kAnswerTime), "2028-03-29");
}

TEST(DueDate, AnExtensionCountsFromTheDayOfArrival) {
  EXPECT_EQ(due(2027y / 1 / 31, kExtendedTime), "2027-04-30");
  EXPECT_EQ(due(2027y / 11 / 30, kExtendedTime), "2028-02-29");
  EXPECT_EQ(due(2026y / 11 / 27, kExtendedTime), "2027-02-27");
}

TEST(DueDate, TheTimeOfDayDoesNotMatterAndTheLastDayCounts) {
  EXPECT_EQ(due(2026y / 11 / 27, kAnswerTime, 0ms), "2026-12-27");
  EXPECT_EQ(due(2026y / 11 / 27, kAnswerTime, days{1} - 1ms), "2026-12-27");
  const auto last = due_day(WallTime{sys_days{2026y / 11 / 27}}, kAnswerTime);
  EXPECT_EQ(end_of(last), WallTime{sys_days{2026y / 12 / 28}});
}

TEST(DueDate, EveryDayOfFourYearsHasItsDayInTheNextMonth) {
  for (sys_days day = 2025y / 1 / 1; day < sys_days{2029y / 1 / 1}; day += days{1}) {
    const year_month_day from{day}, to{due_day(WallTime{day}, kAnswerTime)};
    EXPECT_EQ(to.year() / to.month(), from.year() / from.month() + months{1});
    const auto last = (to.year() / to.month() / std::chrono::last).day();
    EXPECT_EQ(to.day(), std::min(from.day(), last));
  }
}

}  // namespace
}  // namespace portvakt::logs
