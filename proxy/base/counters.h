// Counters that one thread raises and another reads: relaxed, so that counting costs one instruction and a
// scrape sees each value at most a moment old.
#pragma once

#include <atomic>
#include <cstdint>

namespace portvakt {

class Counter {
 public:
  void add(std::uint64_t n = 1) { value_.fetch_add(n, std::memory_order_relaxed); }
  void set(std::uint64_t n) { value_.store(n, std::memory_order_relaxed); }
  std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

}  // namespace portvakt
