#include "proxy/net/event_loop.h"

#include <algorithm>
#include <cstdlib>

#include <event2/event.h>
#include <event2/thread.h>

namespace portvakt::net {
namespace {

timeval as_timeval(std::chrono::milliseconds wait) {
  timeval out{};
  out.tv_sec = static_cast<time_t>(wait.count() / 1000);
  out.tv_usec = static_cast<suseconds_t>(wait.count() % 1000 * 1000);
  return out;
}

event_base* make_base() {
  static const bool threads_ready = evthread_use_pthreads() == 0;
  if (!threads_ready) std::abort();
  event_config* config = event_config_new();
  // A timer is moved about once a request: the clock's cheap form is precise enough.
  event_config_require_features(config, EV_FEATURE_ET);
  event_base* base = event_base_new_with_config(config);
  event_config_free(config);
  if (base == nullptr) std::abort();
  return base;
}

}  // namespace

struct EventLoop::Handles {
  event_base* base = make_base();
  event* posted = nullptr;
  event* turn_end = nullptr;
  ~Handles() {
    event_free(posted);
    event_free(turn_end);
    event_base_free(base);
  }
};

EventLoop::EventLoop() : handles_(std::make_unique<Handles>()) {
  handles_->posted = event_new(
      handles_->base, -1, EV_PERSIST,
      [](evutil_socket_t, short, void* self) { static_cast<EventLoop*>(self)->run_posted(); }, this);
  handles_->turn_end = event_new(
      handles_->base, -1, EV_PERSIST,
      [](evutil_socket_t, short, void* self) { static_cast<EventLoop*>(self)->end_turn(); }, this);
}

EventLoop::~EventLoop() {
  run_posted();
  end_turn();
}

void* EventLoop::handle() const {
  return handles_->base;
}
void EventLoop::run() {
  event_base_loop(handles_->base, EVLOOP_NO_EXIT_ON_EMPTY);
}

void EventLoop::stop() {
  post([this] { event_base_loopbreak(handles_->base); });
}

void EventLoop::post(std::function<void()> task) {
  {
    const std::lock_guard lock(posted_mutex_);
    posted_.push_back(std::move(task));
  }
  event_active(handles_->posted, EV_TIMEOUT, 0);
}

void EventLoop::run_posted() {
  begin_callback();
  std::vector<std::function<void()>> tasks;
  {
    const std::lock_guard lock(posted_mutex_);
    tasks.swap(posted_);
  }
  for (const auto& task : tasks) task();
}

void EventLoop::wake_turn_end() {
  if (turn_end_awake_) return;
  turn_end_awake_ = true;
  // Active events run in the order of activation: this one comes after those that the poll has already found.
  event_active(handles_->turn_end, EV_TIMEOUT, 0);
}

void EventLoop::end_turn() {
  turn_end_awake_ = false;
  // A task may schedule others, or destroy one that is still to run: its place is then empty.
  for (std::size_t i = 0; i < turn_end_.size(); ++i) {
    TurnEndTask* const task = turn_end_[i];
    if (task == nullptr) continue;
    turn_end_[i] = nullptr;
    task->scheduled_ = false;
    task->task_();
  }
  turn_end_.clear();
  std::vector<std::shared_ptr<void>> doomed;
  doomed.swap(doomed_);
}

TurnEndTask::~TurnEndTask() {
  if (scheduled_) std::ranges::replace(loop_.turn_end_, this, nullptr);
}

void TurnEndTask::schedule() {
  if (scheduled_) return;
  scheduled_ = true;
  loop_.turn_end_.push_back(this);
  loop_.wake_turn_end();
}

Timer::Timer(EventLoop& loop, std::function<void()> on_time) : loop_(loop), on_time_(std::move(on_time)) {
  event_ = event_new(
      static_cast<event_base*>(loop.handle()), -1, 0,
      [](evutil_socket_t, short, void* self) { static_cast<Timer*>(self)->fired(); }, this);
}

Timer::~Timer() {
  event_free(static_cast<event*>(event_));
}

void Timer::schedule(std::chrono::milliseconds wait) {
  const timeval after = as_timeval(wait);
  event_add(static_cast<event*>(event_), &after);
  scheduled_ = true;
  scheduled_for_ = loop_.now() + wait;
}

void Timer::start(std::chrono::milliseconds wait) {
  armed_ = true;
  due_ = loop_.now() + wait;
  if (!scheduled_ || due_ < scheduled_for_) schedule(wait);
}

void Timer::cancel() {
  armed_ = false;
}

void Timer::fired() {
  loop_.begin_callback();
  scheduled_ = false;
  if (!armed_) return;
  if (loop_.now() < due_) {
    schedule(std::chrono::ceil<std::chrono::milliseconds>(due_ - loop_.now()));
    return;
  }
  armed_ = false;
  on_time_();
}

Readiness::Readiness(EventLoop& loop, int fd, Mode mode, Callback callback)
    : loop_(loop), callback_(std::move(callback)) {
  const short flags = mode == Mode::Edge ? EV_READ | EV_WRITE | EV_ET | EV_PERSIST : EV_READ | EV_PERSIST;
  event_ = event_new(
      static_cast<event_base*>(loop.handle()), fd, flags,
      [](evutil_socket_t, short what, void* self) {
        auto& readiness = *static_cast<Readiness*>(self);
        readiness.loop_.begin_callback();
        readiness.callback_((what & EV_READ) != 0, (what & EV_WRITE) != 0);
      },
      this);
  event_add(static_cast<event*>(event_), nullptr);
}

Readiness::~Readiness() {
  event_free(static_cast<event*>(event_));
}

}  // namespace portvakt::net
