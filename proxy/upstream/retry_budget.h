// How many tries beyond the first a site may make, so that retries cannot multiply an overload: each request
// earns a part of one, and a trickle comes by itself so that a quiet site can retry too. A token bucket; one
// per site and worker; told the time by its caller.
#pragma once

#include <algorithm>

#include "proxy/base/clock.h"

namespace portvakt::upstream {

class RetryBudget {
 public:
  /// `percent` of the recent requests may be tried again.
  explicit RetryBudget(unsigned percent = 20) : percent_(percent) {}

  void set_percent(unsigned percent) { percent_ = percent; }
  void on_request() { tokens_ = std::min(kMost, tokens_ + percent_); }
  /// Takes one retry if there is one.
  bool spend(SteadyTime now) {
    if (percent_ == 0) return false;
    refill(now);
    if (tokens_ < kRetry) return false;
    tokens_ -= kRetry;
    return true;
  }

 private:
  static constexpr std::int64_t kRetry = 100;  // what one retry costs, in hundredths
  static constexpr std::int64_t kMost = 100 * kRetry;
  static constexpr std::int64_t kFloor = 10 * kRetry;  // what a site has that was quiet
  static constexpr std::chrono::milliseconds kStep{10};

  /// A retry a second, earned in steps of a hundredth.
  void refill(SteadyTime now) {
    const auto steps = std::clamp<std::int64_t>((now - filled_) / kStep, 0, kFloor);
    if (steps == kFloor) filled_ = now - kStep * steps;  // a long silence earns no more than that
    filled_ += kStep * steps;
    tokens_ = std::min(kMost, tokens_ + steps);
  }

  std::int64_t percent_;
  std::int64_t tokens_ = kFloor;
  SteadyTime filled_{};
};

}  // namespace portvakt::upstream
