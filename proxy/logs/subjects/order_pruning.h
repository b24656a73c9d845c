// What of erasures and restrictions has an end: orders that stood long enough, notices that every consumer
// has seen by then, restrictions of subjects of whom nothing is left. On the thread of the connection.
#pragma once

#include <string>

#include "proxy/base/clock.h"
#include "proxy/logs/redis/redis_client.h"

namespace portvakt::logs {

/// Forgets what is older than `first` in a site's `orders`, `erasures` and `restricted`.
tl::expected<void, RedisFault> prune_orders(RedisClient& client, const std::string& prefix,
                                            const std::string& site, WallTime first);

}  // namespace portvakt::logs
