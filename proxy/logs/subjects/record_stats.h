// How much is kept where: the days of a site in Redis, and what a spool folder holds. Reads only; the folder
// may be in use. For commands, on the caller's thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "proxy/base/clock.h"
#include "proxy/base/result.h"
#include "proxy/logs/redis/redis_client.h"

namespace portvakt::logs {

struct DayStats {
  std::string day;
  std::uint64_t requests = 0;
  std::uint64_t consents = 0;
  std::uint64_t events = 0;
  std::uint64_t erased = 0;            // records that came too late and were not stored
  std::optional<std::uint64_t> bytes;  // of all its keys; empty: Redis may not tell us
};

/// Oldest first.
tl::expected<std::vector<DayStats>, RedisFault> day_stats(RedisClient& client, const std::string& prefix,
                                                          const std::string& site);

struct SpoolStats {
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
  std::uint64_t waiting = 0;  // records not delivered
  std::uint64_t lost = 0;     // ever
  std::optional<WallTime> oldest;
};

/// Errors: Io, or Unsupported for a newer format.
Result<SpoolStats> spool_stats(const std::filesystem::path& folder);

}  // namespace portvakt::logs
