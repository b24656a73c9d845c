// One thread's loop over sockets, timers and posted tasks, on libevent. Everything but post() and stop() is
// for the loop's own thread. Objects that belong to a loop die on its thread, before it.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "proxy/base/clock.h"

namespace portvakt::net {

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
    doomed_.push_back(std::shared_ptr<void>(std::move(object)));
    wake_turn_end();
  }

  /// The time at which this turn began.
  SteadyTime now() const { return now_; }

  /// libevent's handle, for the .cc files of this room only.
  void* handle() const;

 private:
  friend class Timer;
  friend class Readiness;
  friend class TurnEndTask;
  void wake_turn_end();
  void run_posted();
  void end_turn();
  void begin_callback() { now_ = std::chrono::steady_clock::now(); }

  struct Handles;
  std::unique_ptr<Handles> handles_;
  std::mutex posted_mutex_;
  std::vector<std::function<void()>> posted_;
  std::vector<class TurnEndTask*> turn_end_;
  std::vector<std::shared_ptr<void>> doomed_;
  bool turn_end_awake_ = false;
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
class Timer {
 public:
  Timer(EventLoop& loop, std::function<void()> on_time);
  ~Timer();
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  void start(std::chrono::milliseconds wait);
  void cancel();
  bool armed() const { return armed_; }

 private:
  void fired();
  void schedule(std::chrono::milliseconds wait);

  EventLoop& loop_;
  std::function<void()> on_time_;
  void* event_ = nullptr;
  bool armed_ = false;
  bool scheduled_ = false;
  SteadyTime due_{};
  SteadyTime scheduled_for_{};
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

 private:
  EventLoop& loop_;
  Callback callback_;
  void* event_ = nullptr;
};

}  // namespace portvakt::net
