#include "proxy/logs/redis/replica_watch.h"

#include <algorithm>

namespace portvakt::logs {
namespace {

/// At one a second: longer than a lost replica is waited for.
constexpr std::size_t kMostPoints = 1000;

}  // namespace

void ReplicaWatch::judge(Server& server, SteadyTime now, const RedisRole& role) {
  if (role.replicas.size() >= server.most) {
    server.most = role.replicas.size();
    server.whole = now;
  } else if (now - server.whole > kPatience) {
    server.most = role.replicas.size();
  }
  if (server.points.size() == kMostPoints) server.points.erase(server.points.begin() + kMostPoints / 2);
  server.points.push_back({now, role.offset});
  if (role.replicas.size() < server.most) return;
  const auto slowest = std::ranges::min_element(role.replicas);
  while (!server.points.empty() &&
         (slowest == role.replicas.end() || server.points.front().offset <= *slowest)) {
    server.safe = server.points.front().time;
    server.points.pop_front();
  }
}

void ReplicaWatch::restart() {
  for (auto& [name, server] : servers_) {
    server.points.clear();
    server.safe.reset();
  }
}

std::optional<SteadyTime> ReplicaWatch::safe_until(SteadyTime now,
                                                   const std::vector<RedisStanding>& standings) {
  std::optional<SteadyTime> safe;
  for (const RedisStanding& standing : standings) {
    Server& server = servers_[standing.server];
    judge(server, now, standing.role);
    if (!server.safe) return std::nullopt;
    safe = safe ? std::min(*safe, *server.safe) : server.safe;
  }
  return safe;
}

}  // namespace portvakt::logs
