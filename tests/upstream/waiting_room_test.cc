#include "proxy/upstream/waiting_room.h"

#include <gtest/gtest.h>

#include "tests/support/turns.h"

namespace portvakt::upstream {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class WaitingRoomTest : public testing::Test {
 protected:
  struct Guest : Waiter {
    Guest(WaitingRoomTest& owner, char given) : test(owner), name(given) {}
    bool on_place() override {
      if (test.places_ == 0) return false;
      --test.places_;
      test.log_ += name;
      return true;
    }
    void on_wait_over() override { test.log_ += std::string("-") + name; }
    WaitingRoomTest& test;
    char name;
  };
  bool until_log(std::string_view log) {
    return test::run_until(loop_, [&] { return log_ == log; });
  }

  net::EventLoop loop_;
  WaitingRoom room_{loop_};
  int places_ = 0;
  std::string log_;
  Guest a_{*this, 'a'}, b_{*this, 'b'}, c_{*this, 'c'};
};

TEST_F(WaitingRoomTest, FirstComeFirstServed) {
  for (auto* guest : {&a_, &b_, &c_}) EXPECT_TRUE(room_.enter(*guest, 10, seconds(60)));
  places_ = 2;
  room_.place_freed();
  EXPECT_TRUE(until_log("ab"));
  places_ = 1;
  room_.place_freed();
  EXPECT_TRUE(until_log("abc"));
  EXPECT_TRUE(room_.empty());
}

TEST_F(WaitingRoomTest, NoticesByItselfThatAnotherWorkerGaveUpAPlace) {
  EXPECT_TRUE(room_.enter(a_, 10, seconds(60)));
  places_ = 1;
  EXPECT_TRUE(until_log("a"));
}

TEST_F(WaitingRoomTest, IsBounded) {
  EXPECT_TRUE(room_.enter(a_, 1, seconds(60)));
  EXPECT_FALSE(room_.enter(b_, 1, seconds(60)));
  EXPECT_FALSE(room_.enter(b_, 0, seconds(60)));
}

TEST_F(WaitingRoomTest, NobodyWaitsLongerThanItsLimit) {
  EXPECT_TRUE(room_.enter(a_, 10, seconds(60)));
  EXPECT_TRUE(room_.enter(b_, 10, milliseconds(1)));
  EXPECT_TRUE(until_log("-b"));
  EXPECT_FALSE(room_.empty());
}

TEST_F(WaitingRoomTest, ForgetsWhoLeaves) {
  EXPECT_TRUE(room_.enter(a_, 10, milliseconds(1)));
  EXPECT_TRUE(room_.enter(b_, 10, seconds(60)));
  room_.leave(a_);
  places_ = 1;
  EXPECT_TRUE(until_log("b"));
}

}  // namespace
}  // namespace portvakt::upstream
