#include "proxy/logs/retention.h"

#include <algorithm>

#include "proxy/logs/redis_command.h"
#include "proxy/logs/ship_keys.h"

namespace portvakt::logs {

std::int64_t first_kept_day(WallTime now, std::chrono::seconds retention) {
  const auto days = std::chrono::ceil<std::chrono::days>(retention).count();
  return day_of(now) - std::max<std::int64_t>(days, 1);
}

tl::expected<std::size_t, RedisFault> drop_old_days(RedisClient& client, std::string_view prefix,
                                                    std::string_view site, std::int64_t first_kept) {
  const std::string days = days_key(prefix, site);
  std::string commands;
  append_command(commands, {"ZRANGEBYSCORE", days, "-inf", "(" + std::to_string(first_kept)});
  const auto found = client.exchange(commands, 1);
  if (!found) return tl::unexpected(found.error());
  if (found->front().is_error()) return tl::unexpected(found->front().fault());

  commands.clear();
  std::size_t dropped = 0;
  for (const RedisReply& day : found->front().items) {
    if (!is_day_text(day.text)) continue;
    const DayKeys keys = day_keys(prefix, site, day.text);
    append_command(
        commands, {"UNLINK", keys.requests, keys.consents, keys.events, keys.sent, keys.visitors, keys.erased,
                   keys.consent_visitors, keys.event_visitors, keys.orders, keys.erasures});
    append_command(commands, {"ZREM", days, day.text});
    ++dropped;
  }
  if (dropped == 0) return 0;
  const auto done = client.exchange(commands, 2 * dropped);
  if (!done) return tl::unexpected(done.error());
  for (const RedisReply& reply : *done) {
    if (reply.is_error()) return tl::unexpected(reply.fault());
  }
  return dropped;
}

}  // namespace portvakt::logs
