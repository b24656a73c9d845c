#include "proxy/logs/redis/redis_ask.h"

#include <algorithm>
#include <string>

#include "proxy/logs/redis/redis_command.h"

namespace portvakt::logs {
namespace {

tl::expected<RedisReply, RedisFault> only(tl::expected<std::vector<RedisReply>, RedisFault> replies) {
  if (!replies) return tl::unexpected(replies.error());
  return std::move(replies->front());
}

}  // namespace

tl::expected<RedisReply, RedisFault> ask(RedisClient& client, std::initializer_list<std::string_view> words) {
  std::string command;
  append_command(command, words);
  return only(ask_all(client, command, 1));
}

tl::expected<std::vector<RedisReply>, RedisFault> ask_all(RedisClient& client, std::string_view commands,
                                                          std::size_t count) {
  if (count == 0) return std::vector<RedisReply>();
  auto replies = client.exchange(commands, count);
  if (!replies) return replies;
  const auto error = std::ranges::find_if(*replies, &RedisReply::is_error);
  if (error != replies->end()) return tl::unexpected(error->fault());
  return replies;
}

tl::expected<RedisReply, RedisFault> ask_script(RedisClient& client, std::string_view script,
                                                const std::vector<std::string_view>& keys,
                                                const std::vector<std::string_view>& arguments) {
  std::string command;
  append_array_head(command, 3 + keys.size() + arguments.size());
  append_argument(command, "EVAL");
  append_argument(command, script);
  append_argument(command, std::to_string(keys.size()));
  for (const std::string_view key : keys) append_argument(command, key);
  for (const std::string_view argument : arguments) append_argument(command, argument);
  return only(ask_all(client, command, 1));
}

}  // namespace portvakt::logs
