// Exchanges that wait for a place at a server whose limit is reached: first come, first served, bounded in
// number and in time. A place given up on this worker is noticed at the turn's end; one given up on another
// worker within kLook. One per site and worker.
#pragma once

#include <deque>

#include "proxy/net/event_loop.h"

namespace portvakt::upstream {

class Waiter {
 public:
  virtual ~Waiter() = default;
  /// There may be a place. False: there was none, and it goes on waiting.
  virtual bool on_place() = 0;
  virtual void on_wait_over() = 0;
};

class WaitingRoom {
 public:
  static constexpr std::chrono::milliseconds kLook{10};

  explicit WaitingRoom(net::EventLoop& loop)
      : loop_(loop), look_(loop, [this] { look(); }), freed_(loop, [this] { look(); }) {}

  /// False: `most` are waiting already. Who waits leaves before it dies.
  bool enter(Waiter& waiter, std::size_t most, std::chrono::milliseconds limit);
  void leave(Waiter& waiter);
  void place_freed() {
    if (!waiting_.empty()) freed_.schedule();
  }
  bool empty() const { return waiting_.empty(); }

 private:
  struct Entry {
    Waiter* waiter;
    SteadyTime until;
  };
  void look();

  net::EventLoop& loop_;
  net::Timer look_;
  net::TurnEndTask freed_;
  std::deque<Entry> waiting_;
};

}  // namespace portvakt::upstream
