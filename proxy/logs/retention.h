// Drops days past their time: a site's keys of a day are unlinked as a whole, which costs Redis milliseconds
// where deleting entries would free nothing. Runs on the shipper's thread and connection.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "proxy/logs/redis_client.h"

namespace portvakt::logs {

/// The first day (since 1970) that may stay: all of the day before it is older than `retention`, which counts
/// as one day at least.
std::int64_t first_kept_day(WallTime now, std::chrono::seconds retention);

/// Unlinks the site's days before `first_kept`; how many there were.
tl::expected<std::size_t, RedisFault> drop_old_days(RedisClient& client, std::string_view prefix,
                                                    std::string_view site, std::int64_t first_kept);

}  // namespace portvakt::logs
