// How many events a visitor may tell: a burst, and then so many a minute. Bounded; knows visitors by a keyed
// hash alone. One worker's own: not for several threads.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "proxy/base/clock.h"

namespace portvakt::events {

class EventBudget {
 public:
  static constexpr std::size_t kVisitors = 4096;
  static constexpr std::uint32_t kBurst = 40;
  static constexpr std::chrono::milliseconds kEarnedEvery{1500};

  EventBudget();

  /// Takes one; false: there is none left.
  bool take(std::string_view visitor, SteadyTime now);

 private:
  struct Entry {
    std::uint64_t visitor = 0;
    SteadyTime full_at{};  // when all is earned back
  };
  std::uint64_t key_;
  std::vector<Entry> entries_;
};

}  // namespace portvakt::events
