// Whether a peer moves bytes at a least rate, over a window: what it moves buys it time, and it can never
// have more in stock than the window, so a burst does not pay for hours of trickling. Knows no timer: the
// owner asks when time is up. A value.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "proxy/base/clock.h"

namespace portvakt::exchange {

/// How slow a peer may be.
struct Pace {
  std::chrono::milliseconds stall{60000};   // without a single byte
  std::uint64_t bytes_per_second = 240;     // 0: any
  std::chrono::milliseconds window{10000};  // the rate's, and the grace at the beginning
};

class RateFloor {
 public:
  /// From now on the peer is waited for.
  void start(const Pace& pace, SteadyTime now) {
    pace_ = pace;
    stalled_ = now + pace.stall;
    too_slow_ = pace.bytes_per_second == 0 ? SteadyTime::max() : now + pace.window;
  }
  void moved(std::uint64_t bytes, SteadyTime now) {
    stalled_ = now + pace_.stall;
    if (pace_.bytes_per_second == 0) return;
    const auto longest = now + pace_.window;
    // Bounded before it is multiplied: a body may be of any size.
    const auto most = static_cast<std::uint64_t>(pace_.window.count()) * pace_.bytes_per_second / 1000;
    const std::chrono::nanoseconds bought(std::min(bytes, most + 1) * 1'000'000'000 / pace_.bytes_per_second);
    too_slow_ = std::min(too_slow_ + bought, longest);
  }
  /// The rate no longer matters, stalls do.
  void ease() { too_slow_ = SteadyTime::max(), pace_.bytes_per_second = 0; }

  /// Since when nothing has moved.
  SteadyTime::duration still_for(SteadyTime now) const { return now - (stalled_ - pace_.stall); }
  /// When the peer is given up unless it moves something before.
  SteadyTime due() const { return std::min(stalled_, too_slow_); }
  /// At due(): it did move, but too slowly.
  bool rate_is_cause() const { return too_slow_ < stalled_; }

 private:
  Pace pace_;
  SteadyTime stalled_{};
  SteadyTime too_slow_{};
};

}  // namespace portvakt::exchange
