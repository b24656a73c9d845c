// Tells a thread that waits in poll to finish up, and until when. Raised once, from any thread.
#pragma once

#include <atomic>
#include <chrono>

#include "proxy/base/clock.h"

namespace portvakt::logs {

class StopSignal {
 public:
  StopSignal();
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  void raise(SteadyTime deadline);
  bool raised() const { return raised_.load(std::memory_order_acquire); }
  /// Raised, and the time given is over.
  bool expired() const;
  /// How long a wait of `wanted` may last: until the deadline, once raised.
  std::chrono::milliseconds bounded(std::chrono::milliseconds wanted) const;
  /// Waits so long, or until the signal is raised; at once if it already is.
  void wait(std::chrono::milliseconds time) const;
  /// Readable once raised; for a poll beside a socket.
  int descriptor() const { return event_; }

 private:
  int event_;
  std::atomic<bool> raised_{false};
  std::atomic<SteadyTime::rep> deadline_{0};
};

}  // namespace portvakt::logs
