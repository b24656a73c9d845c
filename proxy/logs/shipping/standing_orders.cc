#include "proxy/logs/shipping/standing_orders.h"

#include <algorithm>

#include "proxy/logs/redis/redis_command.h"

namespace portvakt::logs {
namespace {

constexpr std::string_view kScript = R"(
for i = 1, #ARGV, 2 do
  local before = tonumber(redis.call('HGET', KEYS[1], ARGV[i]) or '0')
  if tonumber(ARGV[i + 1]) > before then redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
end
return #ARGV / 2
)";

/// Names and values in one call; Lua unpacks nothing here, so that the number is Redis' own limit.
constexpr std::size_t kAtOnce = 10'000;

}  // namespace

std::string_view raise_orders_script() {
  return kScript;
}

tl::expected<void, RedisFault> carry_orders(RedisClient& client, std::string_view prefix,
                                            std::string_view site, const DayKeys& day) {
  std::string commands;
  append_command(commands, {"HGETALL", site_key(prefix, site, "orders")});
  const auto found = client.exchange(commands, 1);
  if (!found) return tl::unexpected(found.error());
  if (found->front().is_error()) return tl::unexpected(found->front().fault());
  const auto& words = found->front().items;
  for (std::size_t at = 0; at < words.size(); at += kAtOnce) {
    const std::size_t end = std::min(at + kAtOnce, words.size());
    commands.clear();
    append_array_head(commands, 4 + (end - at));
    for (const std::string_view word : {std::string_view("EVAL"), kScript, std::string_view("1")}) {
      append_argument(commands, word);
    }
    append_argument(commands, day.orders);
    for (std::size_t i = at; i < end; ++i) append_argument(commands, words[i].text);
    const auto done = client.exchange(commands, 1);
    if (!done) return tl::unexpected(done.error());
    if (done->front().is_error()) return tl::unexpected(done->front().fault());
  }
  return {};
}

}  // namespace portvakt::logs
