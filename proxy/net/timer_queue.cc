#include "proxy/net/timer_queue.h"

#include <utility>

namespace portvakt::net {

void TimerQueue::set(std::size_t place, QueuedTimer* timer) {
  heap_[place] = timer;
  timer->place_ = place;
}

void TimerQueue::lift(std::size_t place) {
  QueuedTimer* const timer = heap_[place];
  while (place > 0) {
    const std::size_t parent = (place - 1) / 2;
    if (heap_[parent]->moment_ <= timer->moment_) break;
    set(place, heap_[parent]);
    place = parent;
  }
  set(place, timer);
}

void TimerQueue::sink(std::size_t place) {
  QueuedTimer* const timer = heap_[place];
  for (std::size_t child = 2 * place + 1; child < heap_.size(); child = 2 * place + 1) {
    if (child + 1 < heap_.size() && heap_[child + 1]->moment_ < heap_[child]->moment_) ++child;
    if (timer->moment_ <= heap_[child]->moment_) break;
    set(place, heap_[child]);
    place = child;
  }
  set(place, timer);
}

void TimerQueue::put(QueuedTimer& timer, SteadyTime moment) {
  timer.moment_ = moment;
  if (!timer.queued()) {
    heap_.push_back(&timer);
    timer.place_ = heap_.size() - 1;
  }
  lift(timer.place_);
  sink(timer.place_);
}

void TimerQueue::remove(QueuedTimer& timer) {
  const std::size_t place = std::exchange(timer.place_, QueuedTimer::kNowhere);
  if (place == QueuedTimer::kNowhere) return;
  QueuedTimer* const last = heap_.back();
  heap_.pop_back();
  if (last == &timer) return;
  set(place, last);
  lift(place);
  sink(last->place_);
}

QueuedTimer* TimerQueue::take_due(SteadyTime now) {
  if (heap_.empty() || heap_.front()->moment_ > now) return nullptr;
  QueuedTimer* const timer = heap_.front();
  remove(*timer);
  return timer;
}

}  // namespace portvakt::net
