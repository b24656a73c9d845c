// Which server is asked next: in turn, past those that have just failed.
#include <gtest/gtest.h>

#include "proxy/upstream/balancer.h"
#include "proxy/upstream/health_check.h"

namespace portvakt::upstream {
namespace {

TEST(Balancer, TakesServersInTurnPastThoseThatCannotBeUsed) {
  Balancer balancer;
  const auto all = [](std::size_t) { return true; };
  EXPECT_EQ(balancer.choose(3, all), 0U);
  EXPECT_EQ(balancer.choose(3, all), 1U);
  EXPECT_EQ(balancer.choose(3, [](std::size_t i) { return i == 1; }), 1U);
  EXPECT_EQ(balancer.choose(3, [](std::size_t) { return false; }), 0U) << "none is usable: whose turn it is";
}

TEST(PassiveHealth, LeavesAServerOutAfterSeveralFailuresInARowForLongerEachTime) {
  PassiveHealth health;
  SteadyTime now{};
  for (int i = 1; i < PassiveHealth::kFailuresToEject; ++i) health.failed("a", now);
  EXPECT_TRUE(health.usable("a", now));
  health.failed("a", now);
  EXPECT_FALSE(health.usable("a", now));
  EXPECT_TRUE(health.usable("b", now));
  now += PassiveHealth::kFirstPause;
  EXPECT_TRUE(health.usable("a", now));
  health.failed("a", now);
  EXPECT_FALSE(health.usable("a", now + PassiveHealth::kFirstPause));
  for (int i = 0; i < 20; ++i) health.failed("a", now);
  EXPECT_TRUE(health.usable("a", now + PassiveHealth::kLongestPause));
  health.succeeded("a");
  health.failed("a", now);
  EXPECT_TRUE(health.usable("a", now));
}

}  // namespace
}  // namespace portvakt::upstream
