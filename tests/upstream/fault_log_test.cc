#include "proxy/upstream/fault_log.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace portvakt::upstream {
namespace {

class FaultLogTest : public testing::Test {
 protected:
  std::string lines_;
  FaultLog log_{[this](std::string_view line) { lines_ += std::string(line) + "\n"; }};
  SteadyTime now_{};
};

TEST_F(FaultLogTest, NamesSiteUpstreamAndReason) {
  log_.report("shop", "http://10.0.0.1:80", "the upstream cannot be reached", now_);
  EXPECT_EQ(lines_, "site shop: upstream http://10.0.0.1:80: the upstream cannot be reached\n");
}

TEST_F(FaultLogTest, SaysOneLineInAWhileAndHowManyItLeftUnsaid) {
  for (int i = 0; i < 4; ++i) log_.report("shop", "http://a", "down", now_);
  log_.report("shop", "http://a", "down", now_ + FaultLog::kQuiet);
  EXPECT_EQ(lines_,
            "site shop: upstream http://a: down\n"
            "site shop: upstream http://a: down (and 3 more failures since the last such line)\n");
}

TEST_F(FaultLogTest, IsNotKeptFromOneUpstreamByAnother) {
  log_.report("shop", "http://a", "down", now_);
  log_.report("shop", "http://b", "down", now_);
  log_.report("blog", "http://a", "down", now_);
  EXPECT_EQ(std::ranges::count(lines_, '\n'), 3);
}

}  // namespace
}  // namespace portvakt::upstream
