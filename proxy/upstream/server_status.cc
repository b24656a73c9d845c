#include "proxy/upstream/server_status.h"

#include <algorithm>

namespace portvakt::upstream {
namespace {

constexpr auto kRelaxed = std::memory_order_relaxed;

std::int64_t ticks(SteadyTime time) {
  return time.time_since_epoch().count();
}

std::int64_t ticks(std::chrono::milliseconds wait) {
  return std::chrono::duration_cast<SteadyTime::duration>(wait).count();
}

}  // namespace

ServerStatus::Standing ServerStatus::standing(SteadyTime now) const {
  if (checked_down_.load(kRelaxed)) return Standing::Down;
  if (pause_ms_.load(kRelaxed) == 0) return Standing::Up;
  return until_.load(kRelaxed) <= ticks(now) ? Standing::Trial : Standing::Down;
}

bool ServerStatus::begin_trial(SteadyTime now) {
  auto until = until_.load(kRelaxed);
  if (until > ticks(now) || pause_ms_.load(kRelaxed) == 0) return false;
  if (!until_.compare_exchange_strong(until, ticks(now) + ticks(kTrial), kRelaxed)) return false;
  on_trial_.store(true, kRelaxed);
  return true;
}

void ServerStatus::succeeded(SteadyTime now) {
  if (failures_.load(kRelaxed) == 0) return;  // the usual case costs one read
  failures_.store(0, kRelaxed);
  if (pause_ms_.load(kRelaxed) != 0) come_back(now);
}

void ServerStatus::failed(SteadyTime now) {
  const int failures = failures_.fetch_add(1, kRelaxed) + 1;
  const auto pause = pause_ms_.load(kRelaxed);
  // Once it is left out, only its trial makes it wait longer: exchanges that were under way when it fell all
  // fail at once, and say nothing new.
  if (pause != 0 ? !on_trial_.exchange(false, kRelaxed) : failures < kFailuresToEject) return;
  const auto longer = std::clamp<std::int64_t>(pause * 2, kFirstPause.count(), kLongestPause.count());
  until_.store(ticks(now) + ticks(std::chrono::milliseconds(longer)), kRelaxed);
  pause_ms_.store(longer, kRelaxed);
}

void ServerStatus::set_checked(bool up, SteadyTime now) {
  if (checked_down_.exchange(!up, kRelaxed) && up) {
    failures_.store(0, kRelaxed);
    come_back(now);
  }
}

void ServerStatus::come_back(SteadyTime now) {
  on_trial_.store(false, kRelaxed);
  pause_ms_.store(0, kRelaxed);
  back_since_.store(ticks(now), kRelaxed);
}

unsigned ServerStatus::warmth(SteadyTime now, std::chrono::milliseconds slow_start) const {
  const auto since = back_since_.load(kRelaxed);
  if (since == kLongAgo || slow_start.count() == 0) return 100;
  const auto gone = std::max<std::int64_t>(0, ticks(now) - since);
  if (gone >= ticks(slow_start)) return 100;
  return static_cast<unsigned>(std::max<std::int64_t>(1, gone * 100 / ticks(slow_start)));
}

bool ServerStatus::enter(unsigned limit) {
  if (active_.fetch_add(1, kRelaxed) < limit || limit == 0) return true;
  leave();
  return false;
}

}  // namespace portvakt::upstream
