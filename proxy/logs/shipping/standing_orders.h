// Erasures stand: the order stays in the hash `portvakt:{SITE}:orders` (subject to the time before which its
// records must go) as long as records of that time may still lie in some edge's spool. The batch script looks
// into the day's own copy, since only that lies in its slot. A day that begins gets the copy before its first
// batch; an erasure writes to the days that exist. Each first enters what the other then looks for (the
// order; the day), so that neither order of events leaves a day without. Runs on the thread of its
// connection.
#pragma once

#include <string_view>

#include "proxy/logs/redis/redis_client.h"
#include "proxy/logs/redis/ship_keys.h"

namespace portvakt::logs {

/// KEYS: a hash of orders. ARGV: subject, before, and so on. No order becomes younger than it is.
std::string_view raise_orders_script();

/// Copies the site's standing orders beside a day that was entered among the site's days.
tl::expected<void, RedisFault> carry_orders(RedisClient& client, std::string_view prefix,
                                            std::string_view site, const DayKeys& day);

}  // namespace portvakt::logs
