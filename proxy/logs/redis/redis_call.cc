#include "proxy/logs/redis/redis_call.h"

#include <string>

#include "proxy/logs/redis/redis_command.h"

namespace portvakt::logs {
namespace {

tl::expected<RedisReply, RedisFault> call_once(RedisClient& client, std::string_view bytes) {
  if (!client.connected()) {
    if (auto connected = client.connect(); !connected) return tl::unexpected(connected.error());
  }
  auto replies = client.exchange(bytes, 1);
  if (!replies) return tl::unexpected(replies.error());
  if (replies->front().is_error()) return tl::unexpected(replies->front().fault());
  return std::move(replies->front());
}

}  // namespace

tl::expected<RedisReply, RedisFault> redis_call(RedisClient& client,
                                                std::initializer_list<std::string_view> command) {
  std::string bytes;
  append_command(bytes, command);
  const bool idle = client.connected();
  auto reply = call_once(client, bytes);
  if (!reply && reply.error() == RedisFault::Closed && idle) reply = call_once(client, bytes);
  return reply;
}

}  // namespace portvakt::logs
