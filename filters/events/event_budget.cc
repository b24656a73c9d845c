#include "filters/events/event_budget.h"

#include <algorithm>
#include <cstring>

#include "proxy/base/crypto.h"

namespace portvakt::events {

EventBudget::EventBudget() {
  const std::string random = crypto::random_bytes(sizeof key_);
  std::memcpy(&key_, random.data(), sizeof key_);
}

bool EventBudget::take(std::string_view visitor, SteadyTime now) {
  if (entries_.empty()) entries_.resize(kVisitors);
  std::uint64_t hash = key_;
  for (const char c : visitor) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  hash ^= hash >> 29U;
  Entry& entry = entries_[hash % kVisitors];
  if (entry.visitor != hash) entry = {hash, now};
  const SteadyTime full_at = std::max(entry.full_at, now) + kEarnedEvery;
  if (full_at - now > kBurst * kEarnedEvery) return false;
  entry.full_at = full_at;
  return true;
}

}  // namespace portvakt::events
