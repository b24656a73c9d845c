#include "proxy/exchange/rate_floor.h"

#include <gtest/gtest.h>

#include "proxy/exchange/limit_counters.h"

namespace portvakt::exchange {
namespace {

using namespace std::chrono_literals;

constexpr SteadyTime kStart{};

TEST(RateFloor, GivesAPeerThatMovesNothingItsStallTime) {
  RateFloor floor;
  floor.start({.stall = 5s, .bytes_per_second = 100, .window = 8s}, kStart);
  EXPECT_EQ(floor.due(), kStart + 5s);
  EXPECT_FALSE(floor.rate_is_cause());
}

TEST(RateFloor, CutsATrickleAfterTheWindow) {
  RateFloor floor;
  floor.start({.stall = 5s, .bytes_per_second = 100, .window = 10s}, kStart);
  auto now = kStart;
  for (int i = 0; i < 9; ++i) floor.moved(10, now += 1s);
  EXPECT_TRUE(floor.rate_is_cause());
  EXPECT_EQ(floor.due(), kStart + 10s + 900ms);
}

TEST(RateFloor, LetsAPeerGoOnForEverAtTheLeastRate) {
  RateFloor floor;
  floor.start({.stall = 5s, .bytes_per_second = 100, .window = 10s}, kStart);
  auto now = kStart;
  for (int i = 0; i < 100000; ++i) {
    floor.moved(1, now += 10ms);
    ASSERT_GT(floor.due(), now);
  }
}

TEST(RateFloor, ABurstBuysNoMoreThanTheWindow) {
  RateFloor floor;
  floor.start({.stall = 1h, .bytes_per_second = 100, .window = 10s}, kStart);
  floor.moved(UINT64_MAX, kStart + 1s);
  EXPECT_EQ(floor.due(), kStart + 11s);
}

TEST(RateFloor, CountsBytesThatComeOneByOneAtAHighRate) {
  RateFloor floor;
  floor.start({.stall = 1h, .bytes_per_second = 10000, .window = 10s}, kStart);
  for (int i = 0; i < 10000; ++i) floor.moved(1, kStart + 1s);
  EXPECT_EQ(floor.due(), kStart + 11s);
}

TEST(RateFloor, WithoutARateOnlyStallsCount) {
  RateFloor floor;
  floor.start({.stall = 5s, .bytes_per_second = 0, .window = 1s}, kStart);
  floor.moved(1, kStart + 4s);
  EXPECT_EQ(floor.due(), kStart + 9s);
  EXPECT_FALSE(floor.rate_is_cause());
  RateFloor eased;
  eased.start({.stall = 5s, .bytes_per_second = 100, .window = 1s}, kStart);
  eased.ease();
  eased.moved(1, kStart + 4s);
  EXPECT_EQ(eased.due(), kStart + 9s);
}

TEST(LimitCounters, EveryLimitHasANameOfItsOwn) {
  for (std::size_t i = 0; i < kLimitCount; ++i) {
    EXPECT_FALSE(kLimitNames[i].empty());
    for (std::size_t j = 0; j < i; ++j) EXPECT_NE(kLimitNames[i], kLimitNames[j]);
  }
}

}  // namespace
}  // namespace portvakt::exchange
