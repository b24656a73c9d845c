// Drops days past their time: a site's keys of a day are unlinked as a whole, which costs Redis milliseconds
// where deleting entries would free nothing. A kind of record that is kept for a shorter time than the others
// goes with its index alone. Runs on the shipper's thread and connection.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "proxy/logs/redis/redis_client.h"

namespace portvakt::logs {

/// The first day (since 1970) that may stay: all of the day before it is older than `retention`, which counts
/// as one day at least.
std::int64_t first_kept_day(WallTime now, std::chrono::seconds retention);

/// How long each kind of a site's data is kept.
struct Retention {
  std::chrono::seconds requests = std::chrono::hours{24 * 30};
  std::chrono::seconds consents = std::chrono::hours{24 * 30};
  std::chrono::seconds events = std::chrono::hours{24 * 30};
  std::chrono::seconds longest() const { return std::max({requests, consents, events}); }
  friend bool operator==(const Retention&, const Retention&) = default;
};

/// Unlinks what is past its time at `now`; how many days ended as a whole.
tl::expected<std::size_t, RedisFault> drop_old_days(RedisClient& client, std::string_view prefix,
                                                    std::string_view site, const Retention& retention,
                                                    WallTime now);

}  // namespace portvakt::logs
