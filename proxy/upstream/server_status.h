// What is known of one server of a site: whether it answers, how warm it is, how much it does, and what was
// counted of it. One per site and server for the process's life; shared by all workers and the health checks
// through relaxed atomics, so that a value is at most a moment old. Times are the loops' steady time.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "proxy/base/clock.h"
#include "proxy/base/counters.h"

namespace portvakt::upstream {

/// For /metrics.
struct ServerCounters {
  Counter requests;     // exchanges that were sent to it
  Counter failures;     // of them, those that it did not answer
  Counter retries;      // exchanges that came to it after another try had failed
  Counter connections;  // opened to it
  Counter checks_failed;
};

class ServerStatus {
 public:
  static constexpr int kFailuresToEject = 5;
  static constexpr std::chrono::milliseconds kFirstPause{1000};
  static constexpr std::chrono::milliseconds kLongestPause{30000};
  /// So long one exchange has to show whether a server that was left out is back.
  static constexpr std::chrono::milliseconds kTrial{2000};

  /// Trial: it was left out long enough for one exchange to try it.
  enum class Standing : std::uint8_t { Up, Trial, Down };
  Standing standing(SteadyTime now) const;
  /// True for one caller: its exchange is the trial.
  bool begin_trial(SteadyTime now);

  /// What exchanges saw of it. Several failures in a row leave it out for a while, longer each time.
  void succeeded(SteadyTime now);
  void failed(SteadyTime now);
  /// What health checks say of it.
  void set_checked(bool up, SteadyTime now);

  /// Percent of its weight that a server gets which came back `slow_start` ago or less: 1 to 100.
  unsigned warmth(SteadyTime now, std::chrono::milliseconds slow_start) const;

  /// Exchanges under way.
  unsigned active() const { return active_.load(std::memory_order_relaxed); }
  /// Takes one of `limit` places (0: any number); false: all are taken.
  bool enter(unsigned limit);
  void leave() { active_.fetch_sub(1, std::memory_order_relaxed); }

  ServerCounters counters;

 private:
  void come_back(SteadyTime now);

  static constexpr std::int64_t kLongAgo = INT64_MIN;
  std::atomic<bool> checked_down_{false};
  std::atomic<int> failures_{0};
  std::atomic<std::int64_t> pause_ms_{0};  // not 0: left out
  std::atomic<std::int64_t> until_{0};     // ticks of steady time
  std::atomic<bool> on_trial_{false};
  std::atomic<std::int64_t> back_since_{kLongAgo};
  std::atomic<unsigned> active_{0};
};

/// One exchange's place at a server, given up with the object.
class Place {
 public:
  Place() = default;
  explicit Place(std::shared_ptr<ServerStatus> status) : status_(std::move(status)) {}
  Place(Place&& other) noexcept = default;
  Place& operator=(Place&& other) noexcept {
    std::swap(status_, other.status_);
    return *this;
  }
  ~Place() {
    if (status_) status_->leave();
  }

 private:
  std::shared_ptr<ServerStatus> status_;
};

}  // namespace portvakt::upstream
