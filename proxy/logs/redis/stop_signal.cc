#include "proxy/logs/redis/stop_signal.h"

#include <algorithm>

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace portvakt::logs {

StopSignal::StopSignal() : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

StopSignal::~StopSignal() {
  if (event_ >= 0) ::close(event_);
}

void StopSignal::raise(SteadyTime deadline) {
  deadline_.store(deadline.time_since_epoch().count(), std::memory_order_relaxed);
  raised_.store(true, std::memory_order_release);
  ::eventfd_write(event_, 1);
}

bool StopSignal::expired() const {
  return bounded(std::chrono::milliseconds{1}).count() <= 0;
}

std::chrono::milliseconds StopSignal::bounded(std::chrono::milliseconds wanted) const {
  if (!raised()) return wanted;
  const SteadyTime deadline{SteadyTime::duration{deadline_.load(std::memory_order_relaxed)}};
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
  return std::clamp(left, std::chrono::milliseconds{0}, wanted);
}

void StopSignal::wait(std::chrono::milliseconds time) const {
  pollfd event{event_, POLLIN, 0};
  ::poll(&event, 1, static_cast<int>(time.count()));
}

}  // namespace portvakt::logs
