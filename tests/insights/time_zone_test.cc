#include "insights/time_zone.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>

namespace portvakt::insights {
namespace {

WallTime at(std::int64_t second) {
  return WallTime(std::chrono::seconds(second));
}

/// The C library's own answer. Its time zone is one of the process: tests of one process run one by one.
class LibraryZone {
 public:
  explicit LibraryZone(const char* name) {
    ::setenv("TZ", name, 1);
    ::tzset();
  }
  ~LibraryZone() {
    ::unsetenv("TZ");
    ::tzset();
  }
  static std::int64_t offset(std::int64_t second) {
    const std::time_t time = second;
    std::tm local{};
    ::localtime_r(&time, &local);
    return local.tm_gmtoff;
  }
};

TEST(TimeZone, AgreesWithTheCLibraryOverNinetyYears) {
  for (const char* name : {"Europe/Oslo", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe",
                           "America/Sao_Paulo", "Africa/Casablanca", "Pacific/Apia", "Asia/Tehran", "UTC"}) {
    const auto zone = TimeZone::load(name);
    ASSERT_TRUE(zone) << name;
    const LibraryZone library(name);
    for (std::int64_t second = 0; second < 90LL * 366 * 86400; second += 5 * 3600 + 1)
      ASSERT_EQ(zone->offset(at(second)).count(), LibraryZone::offset(second)) << name << " at " << second;
  }
}

TEST(TimeZone, ADayBeginsWhereTheCalendarTurns) {
  for (const char* name : {"Europe/Oslo", "America/Sao_Paulo", "America/Havana", "Asia/Beirut",
                           "Asia/Kathmandu", "Pacific/Apia", "UTC"}) {
    const auto zone = TimeZone::load(name);
    ASSERT_TRUE(zone) << name;
    for (Day day = 10000; day < 25000; ++day) {
      const auto begin = zone->begin(day);
      if (zone->day(begin) != day) {  // Samoa had no 30 December 2011
        ASSERT_EQ(zone->day(begin), day + 1) << name << " on " << day;
        continue;
      }
      ASSERT_LT(zone->day(begin - std::chrono::milliseconds{1}), day) << name << " on " << day;
    }
  }
}

TEST(TimeZone, DaysOfTheTurnOfSummerTimeAreShorterAndLonger) {
  const auto oslo = TimeZone::load("Europe/Oslo");
  ASSERT_TRUE(oslo);
  const auto length = [&](Day day) {
    return std::chrono::duration_cast<std::chrono::hours>(oslo->begin(day + 1) - oslo->begin(day)).count();
  };
  const auto day = [](int year, unsigned month, unsigned of_month) -> Day {
    return std::chrono::sys_days{std::chrono::year{year} / month / of_month}.time_since_epoch().count();
  };
  EXPECT_EQ(length(day(2026, 3, 29)), 23);
  EXPECT_EQ(length(day(2026, 10, 25)), 25);
  EXPECT_EQ(length(day(2045, 3, 26)), 23) << "beyond what the file lists";
  EXPECT_EQ(length(day(2026, 6, 1)), 24);
}

TEST(TimeZone, RefusesNamesThatAreNone) {
  for (const char* name :
       {"", "../../etc/passwd", "/etc/localtime", "Nowhere/Land", "Europe", "Europe/Oslo\n"})
    EXPECT_FALSE(TimeZone::load(name)) << name;
  for (const char* bytes : {"", "TZif", "TZif2"}) EXPECT_FALSE(TimeZone::parse("x", bytes));
}

}  // namespace
}  // namespace portvakt::insights
