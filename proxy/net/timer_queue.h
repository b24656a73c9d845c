// The timers of one loop by the moment at which each is to be looked at: a binary heap whose entries know
// their places, so that a timer which goes away takes itself out. Used by EventLoop and Timer only.
#pragma once

#include <cstddef>
#include <vector>

#include "proxy/base/clock.h"

namespace portvakt::net {

/// A timer's place in the queue; inherited by Timer.
class QueuedTimer {
 public:
  bool queued() const { return place_ != kNowhere; }
  SteadyTime queued_for() const { return moment_; }

 private:
  friend class TimerQueue;
  static constexpr std::size_t kNowhere = SIZE_MAX;
  std::size_t place_ = kNowhere;
  SteadyTime moment_{};
};

class TimerQueue {
 public:
  bool empty() const { return heap_.empty(); }
  /// The earliest moment. Not empty.
  SteadyTime next() const { return heap_.front()->moment_; }

  /// Puts a timer in, or moves it.
  void put(QueuedTimer& timer, SteadyTime moment);
  void remove(QueuedTimer& timer);
  /// Takes out the first timer if its moment has come; null if none has.
  QueuedTimer* take_due(SteadyTime now);

 private:
  void set(std::size_t place, QueuedTimer* timer);
  void lift(std::size_t place);
  void sink(std::size_t place);

  std::vector<QueuedTimer*> heap_;
};

}  // namespace portvakt::net
