#include "proxy/http/http2_flood.h"

#include <algorithm>

namespace portvakt::http {

std::string_view name_of(Http2Abuse kind) {
  static constexpr std::array<std::string_view, kHttp2Abuses> kNames = {
      "resets_received", "resets_sent",  "settings", "pings",  "empty_frames", "window_updates",
      "continuations",   "header_bytes", "backlog",  "stalls", "header_time"};
  return kNames[static_cast<std::size_t>(kind)];
}

Http2FloodGuard::Http2FloodGuard(const Http2Budgets& budgets) {
  const auto set = [this](Http2Abuse kind, Http2Budget budget) {
    bucket(kind) = {.budget = budget, .left = budget.burst, .filled = {}};
  };
  set(Http2Abuse::ResetsReceived, budgets.resets_received);
  set(Http2Abuse::ResetsSent, budgets.resets_sent);
  set(Http2Abuse::Settings, budgets.settings);
  set(Http2Abuse::Pings, budgets.pings);
  set(Http2Abuse::EmptyFrames, budgets.empty_frames);
  set(Http2Abuse::WindowUpdates, budgets.window_updates);
  set(Http2Abuse::Stalls, budgets.stalls);
}

/// Adds what the time since the last look has earned; a part of one stays unearned until it is whole.
void Http2FloodGuard::fill(Bucket& bucket) const {
  using std::chrono::milliseconds;
  const std::int64_t rate = bucket.budget.per_second;
  const auto passed = std::chrono::duration_cast<milliseconds>(now_ - bucket.filled).count();
  const std::int64_t earned = passed * rate / 1000;
  if (earned <= 0) return;
  bucket.left = static_cast<std::uint32_t>(std::min<std::int64_t>(bucket.budget.burst, bucket.left + earned));
  bucket.filled += milliseconds(earned * 1000 / rate);
}

bool Http2FloodGuard::spend(Http2Abuse kind) {
  Bucket& from = bucket(kind);
  if (from.filled == SteadyTime{}) from.filled = now_;
  if (from.left == 0) fill(from);
  if (from.left == 0) return false;
  --from.left;
  return true;
}

void Http2FloodGuard::refund(Http2Abuse kind, std::uint32_t count) {
  Bucket& to = bucket(kind);
  to.left = std::min(to.budget.burst, to.left + count);
}

}  // namespace portvakt::http
