#include "proxy/logs/subjects/device_codes.h"

#include "proxy/logs/redis/redis_call.h"

namespace portvakt::logs {
namespace {

constexpr std::string_view kGuessLife = "3600";

// KEYS: the code, tries of the network, tries of all. ARGV: most of each, their life. The text; 0: no such
// code; -1: too many tries.
constexpr std::string_view kTake = R"(
for i = 2, 3 do
  if tonumber(redis.call('GET', KEYS[i]) or '0') >= tonumber(ARGV[i - 1]) then return -1 end
end
local sealed = redis.call('GET', KEYS[1])
if sealed then
  redis.call('DEL', KEYS[1])
  return sealed
end
for i = 2, 3 do
  if redis.call('INCR', KEYS[i]) == 1 then redis.call('EXPIRE', KEYS[i], ARGV[3]) end
end
return 0
)";

}  // namespace

std::string DeviceCodes::key(std::string_view site, std::string_view name, std::string_view rest) const {
  return std::string(prefix_).append(":{").append(site).append("}:").append(name).append(rest);
}

tl::expected<void, RedisFault> DeviceCodes::keep(std::string_view site, std::string_view hash,
                                                 std::string_view sealed) {
  const auto reply =
      redis_call(client_, {"SET", key(site, "code:", hash), sealed, "EX", std::to_string(kLife.count())});
  if (!reply) return tl::unexpected(reply.error());
  return {};
}

tl::expected<DeviceCodes::Taken, RedisFault> DeviceCodes::take(std::string_view site, std::string_view hash,
                                                               std::string_view network) {
  auto reply =
      redis_call(client_, {"EVAL", kTake, "3", key(site, "code:", hash), key(site, "code-tries:", network),
                           key(site, "code-tries", ""), std::to_string(kMaxGuesses),
                           std::to_string(kMaxSiteGuesses), kGuessLife});
  if (!reply) return tl::unexpected(reply.error());
  if (reply->type == RedisReply::Type::Text) return Taken{Outcome::Done, std::move(reply->text)};
  return Taken{reply->integer < 0 ? Outcome::TooMany : Outcome::Missing, {}};
}

}  // namespace portvakt::logs
