#include "proxy/upstream/retry_budget.h"

#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"

namespace portvakt::upstream {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class RetryBudgetTest : public testing::Test {
 protected:
  RetryBudgetTest() { clock_.advance(seconds(1000)); }
  int spend_all() {
    int spent = 0;
    while (spent < 1000 && budget_.spend(clock_.steady())) ++spent;
    return spent;
  }

  FakeClock clock_;
  RetryBudget budget_;
};

TEST_F(RetryBudgetTest, EarnsAFifthOfTheRequests) {
  spend_all();
  for (int i = 0; i < 50; ++i) budget_.on_request();
  EXPECT_EQ(spend_all(), 10);
  EXPECT_EQ(spend_all(), 0);
}

TEST_F(RetryBudgetTest, AQuietSiteMayRetryALittle) {
  spend_all();
  clock_.advance(seconds(3));
  EXPECT_EQ(spend_all(), 3);
  for (int i = 0; i < 200; ++i) {  // asked often, it earns as much
    clock_.advance(milliseconds(5));
    if (i < 199) {
      EXPECT_FALSE(budget_.spend(clock_.steady())) << i;
    }
  }
  EXPECT_EQ(spend_all(), 1);
}

TEST_F(RetryBudgetTest, SavesUpNoMoreThanItsBound) {
  for (int i = 0; i < 100'000; ++i) budget_.on_request();
  clock_.advance(std::chrono::hours(1000));
  EXPECT_EQ(spend_all(), 100);
}

TEST_F(RetryBudgetTest, NoPercentNoRetries) {
  budget_.set_percent(0);
  for (int i = 0; i < 100; ++i) budget_.on_request();
  clock_.advance(seconds(100));
  EXPECT_EQ(spend_all(), 0);
}

}  // namespace
}  // namespace portvakt::upstream
