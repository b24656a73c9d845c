#include "proxy/logs/shipping/retention.h"

#include <vector>

#include "proxy/logs/redis/redis_ask.h"
#include "proxy/logs/redis/redis_command.h"
#include "proxy/logs/redis/ship_keys.h"

namespace portvakt::logs {
namespace {

void append_unlink(std::string& commands, const std::vector<std::string>& keys) {
  append_array_head(commands, 1 + keys.size());
  append_argument(commands, "UNLINK");
  for (const auto& key : keys) append_argument(commands, key);
}

/// A stream, what an erasure makes of it, and its index.
void add_stream(std::vector<std::string>& keys, const std::string& stream, const std::string& index) {
  keys.insert(keys.end(), {stream, stream_copy(stream), index});
}

/// The days before `first`, oldest first.
tl::expected<std::vector<std::string>, RedisFault> days_before(RedisClient& client, const std::string& key,
                                                               std::int64_t first) {
  const auto found = ask(client, {"ZRANGEBYSCORE", key, "-inf", "(" + std::to_string(first)});
  if (!found) return tl::unexpected(found.error());
  std::vector<std::string> days;
  for (const RedisReply& day : found->items) {
    if (is_day_text(day.text)) days.push_back(day.text);
  }
  return days;
}

}  // namespace

std::int64_t first_kept_day(WallTime now, std::chrono::seconds retention) {
  const auto days = std::chrono::ceil<std::chrono::days>(retention).count();
  return day_of(now) - std::max<std::int64_t>(days, 1);
}

tl::expected<std::size_t, RedisFault> drop_old_days(RedisClient& client, std::string_view prefix,
                                                    std::string_view site, const Retention& retention,
                                                    WallTime now) {
  const std::string key = days_key(prefix, site);
  const auto shortest = std::min({retention.requests, retention.consents, retention.events});
  const auto old = days_before(client, key, first_kept_day(now, shortest));
  if (!old) return tl::unexpected(old.error());
  std::string commands;
  std::size_t count = 0, ended = 0;
  for (const auto& day : *old) {
    const auto past = [&](std::chrono::seconds kept) { return day < day_text(first_kept_day(now, kept)); };
    const DayKeys keys = day_keys(prefix, site, day);
    std::vector<std::string> gone;
    if (past(retention.requests)) add_stream(gone, keys.requests, keys.visitors);
    if (past(retention.events)) add_stream(gone, keys.events, keys.event_visitors);
    if (past(retention.consents)) {
      add_stream(gone, keys.consents, keys.consent_visitors);
      gone.push_back(keys.erased);
    }
    const bool all = past(retention.longest());
    if (all) gone.insert(gone.end(), {keys.sent, keys.orders, keys.erasures});
    append_unlink(commands, gone);
    if (all) append_command(commands, {"ZREM", key, day});
    count += all ? 2 : 1;
    ended += all ? 1 : 0;
  }
  if (auto done = ask_all(client, commands, count); !done) return tl::unexpected(done.error());
  return ended;
}

}  // namespace portvakt::logs
