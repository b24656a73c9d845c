#include "proxy/upstream/waiting_room.h"

#include <algorithm>

namespace portvakt::upstream {

bool WaitingRoom::enter(Waiter& waiter, std::size_t most, std::chrono::milliseconds limit) {
  if (waiting_.size() >= most) return false;
  waiting_.push_back({&waiter, loop_.now() + limit});
  if (waiting_.size() == 1) look_.start(kLook);
  return true;
}

void WaitingRoom::leave(Waiter& waiter) {
  std::erase_if(waiting_, [&](const Entry& entry) { return entry.waiter == &waiter; });
}

/// Whoever is called leaves first: it may do anything inside its call, also end and enter again.
void WaitingRoom::look() {
  while (!waiting_.empty()) {
    const Entry first = waiting_.front();
    waiting_.pop_front();
    if (first.until <= loop_.now()) {
      first.waiter->on_wait_over();
    } else if (!first.waiter->on_place()) {
      waiting_.push_front(first);
      break;
    }
  }
  // The first is not always the one whose time is over: a reload may have shortened the wait.
  for (auto entry = waiting_.begin(); entry != waiting_.end();) {
    if (entry->until > loop_.now()) {
      ++entry;
      continue;
    }
    Waiter* const late = entry->waiter;
    waiting_.erase(entry);
    late->on_wait_over();
    entry = waiting_.begin();
  }
  if (!waiting_.empty()) look_.start(kLook);
}

}  // namespace portvakt::upstream
