// Up to when what Redis took in is known to its replicas, too, so that a failover does not lose it: judged
// from the offsets that each master tells of itself and of its replicas. A replica that was connected and is
// not any more is waited for a while, because it may still be made master. A value; one thread; no I/O.
#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "proxy/base/clock.h"
#include "proxy/logs/redis/redis_link.h"

namespace portvakt::logs {

class ReplicaWatch {
 public:
  /// So long a lost replica is waited for; Sentinel's own patience is 330 s with its defaults.
  static constexpr std::chrono::minutes kPatience{10};

  /// The servers as they stand now; when all that they had taken in was at every replica. Empty: not known
  /// yet.
  std::optional<SteadyTime> safe_until(SteadyTime now, const std::vector<RedisStanding>& standings);

  /// After a fault: offsets of before mean nothing any more.
  void restart();

 private:
  struct Point {
    SteadyTime time;
    std::int64_t offset;
  };
  struct Server {
    std::deque<Point> points;  // whose offsets not every replica has reached
    std::size_t most = 0;      // replicas ever connected at once
    SteadyTime whole{};        // when so many were
    std::optional<SteadyTime> safe;
  };
  static void judge(Server& server, SteadyTime now, const RedisRole& role);

  std::map<std::string, Server> servers_;
};

}  // namespace portvakt::logs
