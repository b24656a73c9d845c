#include "proxy/upstream/server_status.h"

#include <gtest/gtest.h>

namespace portvakt::upstream {
namespace {

using Standing = ServerStatus::Standing;
using std::chrono::milliseconds;
using std::chrono::seconds;

class ServerStatusTest : public testing::Test {
 protected:
  void take_down() {
    for (int i = 0; i < ServerStatus::kFailuresToEject; ++i) status_.failed(now_);
  }
  bool up() const { return status_.standing(now_) == Standing::Up; }

  ServerStatus status_;
  SteadyTime now_{seconds(1000)};
};

TEST_F(ServerStatusTest, LeavesAServerOutAfterSeveralFailuresInARow) {
  for (int i = 1; i < ServerStatus::kFailuresToEject; ++i) status_.failed(now_);
  EXPECT_TRUE(up());
  status_.succeeded(now_);
  for (int i = 1; i < ServerStatus::kFailuresToEject; ++i) status_.failed(now_);
  EXPECT_TRUE(up()) << "not in a row";
  status_.failed(now_);
  EXPECT_EQ(status_.standing(now_), Standing::Down);
}

TEST_F(ServerStatusTest, OneTrialAtATimeAndALongerPauseAfterEachThatFails) {
  take_down();
  milliseconds pause = ServerStatus::kFirstPause;
  for (int i = 0; i < 8; ++i) {
    now_ += pause - milliseconds(1);
    EXPECT_EQ(status_.standing(now_), Standing::Down) << i;
    EXPECT_FALSE(status_.begin_trial(now_));
    now_ += milliseconds(1);
    EXPECT_EQ(status_.standing(now_), Standing::Trial) << i;
    EXPECT_TRUE(status_.begin_trial(now_));
    EXPECT_FALSE(status_.begin_trial(now_)) << "one is enough";
    status_.failed(now_);
    pause = std::min(pause * 2, ServerStatus::kLongestPause);
  }
  now_ += ServerStatus::kLongestPause;
  EXPECT_TRUE(status_.begin_trial(now_));
  status_.succeeded(now_);
  EXPECT_TRUE(up());
  status_.failed(now_);
  EXPECT_TRUE(up()) << "the count begins anew";
}

TEST_F(ServerStatusTest, ATrialThatNeverEndsMakesRoomForAnother) {
  take_down();
  now_ += ServerStatus::kFirstPause;
  EXPECT_TRUE(status_.begin_trial(now_));
  now_ += ServerStatus::kTrial;
  EXPECT_TRUE(status_.begin_trial(now_));
}

TEST_F(ServerStatusTest, ExchangesThatFallWithTheServerDoNotLengthenItsPause) {
  for (int i = 0; i < 50; ++i) status_.failed(now_);
  now_ += ServerStatus::kFirstPause;
  EXPECT_EQ(status_.standing(now_), Standing::Trial);
}

TEST_F(ServerStatusTest, AFailedHealthCheckOutweighsGoodAnswers) {
  status_.set_checked(false, now_);
  status_.succeeded(now_);
  EXPECT_EQ(status_.standing(now_), Standing::Down);
  now_ += seconds(100);
  EXPECT_EQ(status_.standing(now_), Standing::Down) << "no exchange tries it";
  status_.set_checked(true, now_);
  EXPECT_TRUE(up());
}

TEST_F(ServerStatusTest, WarmsUpAfterItCameBack) {
  EXPECT_EQ(status_.warmth(now_, seconds(10)), 100U) << "it was never away";
  status_.set_checked(false, now_);
  status_.set_checked(true, now_);
  EXPECT_EQ(status_.warmth(now_, seconds(10)), 1U);
  now_ += seconds(4);
  EXPECT_EQ(status_.warmth(now_, seconds(10)), 40U);
  EXPECT_EQ(status_.warmth(now_, milliseconds(0)), 100U) << "no slow start is asked for";
  now_ += seconds(6);
  EXPECT_EQ(status_.warmth(now_, seconds(10)), 100U);
}

TEST_F(ServerStatusTest, GivesNoMorePlacesThanThereAre) {
  EXPECT_TRUE(status_.enter(2));
  EXPECT_TRUE(status_.enter(2));
  EXPECT_FALSE(status_.enter(2));
  EXPECT_EQ(status_.active(), 2U);
  status_.leave();
  EXPECT_TRUE(status_.enter(2));
  EXPECT_TRUE(status_.enter(0)) << "no limit";
}

TEST(Place, IsGivenUpOnce) {
  const auto status = std::make_shared<ServerStatus>();
  ASSERT_TRUE(status->enter(0));
  {
    Place first(status);
    Place second(std::move(first));
    Place third;
    third = std::move(second);
    EXPECT_EQ(status->active(), 1U);
    third = Place();
    EXPECT_EQ(status->active(), 0U);
  }
  EXPECT_EQ(status->active(), 0U);
}

}  // namespace
}  // namespace portvakt::upstream
