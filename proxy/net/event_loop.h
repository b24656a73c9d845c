// One thread's loop over sockets, timers and posted tasks, on epoll. A turn is one wait and what came of it:
// sockets, then posted tasks, timers, and the turn's end. Everything but post() and stop() is for the loop's
// own thread. Objects that belong to a loop die on its thread, before it.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "proxy/base/clock.h"
#include "proxy/net/file_descriptor.h"
#include "proxy/net/timer_queue.h"

namespace portvakt::net {

class Timer;

class EventLoop {
 public:
  EventLoop();
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  /// Runs until stop().
  void run();
  /// Any thread.
  void stop();
  /// Any thread: runs `task` on the loop's thread, in the order of posting.
  void post(std::function<void()> task);

  /// Destroys an object at the turn's end: for those that must die inside their own callback.
  template <typename T>
  void delete_later(std::unique_ptr<T> object) {
    doomed_.emplace_back(object.release(), [](void* one) { delete static_cast<T*>(one); });
  }

  /// The time at which this turn began; between turns, the time.
  SteadyTime now() const { return running_ ? now_ : std::chrono::steady_clock::now(); }

 private:
  friend class Timer;
  friend class Readiness;
  friend class TurnEndTask;
  /// An object to be destroyed, and how.
  using Doomed = std::unique_ptr<void, void (*)(void*)>;
  /// What one wait has found, while it is being told.
  struct Found {
    class Readiness* readiness = nullptr;  // null: gone meanwhile
    std::uint32_t events = 0;
  };

  void run_turn();
  int wait_limit() const;
  bool wait();
  void run_posted();
  void fire_timers();
  void end_turn();

  FileDescriptor epoll_;
  FileDescriptor wake_;  // readable when something was posted
  bool running_ = false;
  bool stopped_ = false;
  std::mutex posted_mutex_;
  std::vector<std::function<void()>> posted_;
  std::vector<Found> found_;
  TimerQueue timers_;
  std::vector<Timer*> due_;  // null: gone meanwhile
  std::vector<class TurnEndTask*> turn_end_;
  std::vector<Doomed> doomed_;
  SteadyTime now_ = std::chrono::steady_clock::now();
};

/// Runs when the callbacks of a turn are done, before the loop waits again: so that many small writes become
/// one.
class TurnEndTask {
 public:
  TurnEndTask(EventLoop& loop, std::function<void()> task) : loop_(loop), task_(std::move(task)) {}
  ~TurnEndTask();
  TurnEndTask(const TurnEndTask&) = delete;
  TurnEndTask& operator=(const TurnEndTask&) = delete;

  /// Once per turn, however often it is asked for.
  void schedule();

 private:
  friend class EventLoop;
  EventLoop& loop_;
  std::function<void()> task_;
  bool scheduled_ = false;
};

/// Calls back once after a wait. Moving the moment further away costs nothing: the timer looks again when it
/// fires.
class Timer : private QueuedTimer {
 public:
  Timer(EventLoop& loop, std::function<void()> on_time);
  ~Timer();
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  void start(std::chrono::milliseconds wait);
  void cancel();
  bool armed() const { return armed_; }

 private:
  friend class EventLoop;
  void fired();

  EventLoop& loop_;
  std::function<void()> on_time_;
  bool armed_ = false;
  SteadyTime due_{};
};

/// Tells when a descriptor may be read or written, edge-triggered: registered once, for the descriptor's
/// life.
class Readiness {
 public:
  using Callback = std::function<void(bool readable, bool writable)>;
  /// `level`: tell again as long as it stays readable (for listeners and signals); else once per change.
  enum class Mode { Edge, LevelRead };

  Readiness(EventLoop& loop, int fd, Mode mode, Callback callback);
  ~Readiness();
  Readiness(const Readiness&) = delete;
  Readiness& operator=(const Readiness&) = delete;

  /// The peer has closed or the connection is broken: reads must go on to the end, as nobody tells again.
  bool hung_up() const { return hung_up_; }

 private:
  friend class EventLoop;
  void tell(std::uint32_t events);

  EventLoop& loop_;
  const int fd_;
  Callback callback_;
  bool hung_up_ = false;
};

}  // namespace portvakt::net
