// A clock that stands still until a test moves it. Moved by one thread, read by any.
#pragma once

#include <atomic>
#include <chrono>

#include "proxy/base/clock.h"

namespace portvakt {

class FakeClock : public Clock {
 public:
  FakeClock() = default;
  explicit FakeClock(WallTime start) : wall_(start) {}

  WallTime wall() const override { return wall_; }
  SteadyTime steady() const override { return steady_; }

  /// Time passes: both clocks move.
  void advance(std::chrono::milliseconds by) {
    wall_ = wall_.load() + by;
    steady_ = steady_.load() + by;
  }
  /// Somebody sets the wall clock: the steady one does not notice.
  void set_wall(WallTime now) { wall_ = now; }

 private:
  std::atomic<WallTime> wall_{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22} +
                              std::chrono::hours{12}};
  std::atomic<SteadyTime> steady_{};
};

}  // namespace portvakt
