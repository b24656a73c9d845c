// One command or a run of them, with Redis' own errors as faults: for those who do not tell them apart. The
// thread of the connection waits.
#pragma once

#include <initializer_list>
#include <string_view>
#include <vector>

#include "proxy/logs/redis/redis_client.h"

namespace portvakt::logs {

tl::expected<RedisReply, RedisFault> ask(RedisClient& client, std::initializer_list<std::string_view> words);
/// `commands` holds `count` commands. The first error is the fault of all.
tl::expected<std::vector<RedisReply>, RedisFault> ask_all(RedisClient& client, std::string_view commands,
                                                          std::size_t count);
/// Runs a script: the keys, then the arguments.
tl::expected<RedisReply, RedisFault> ask_script(RedisClient& client, std::string_view script,
                                                const std::vector<std::string_view>& keys,
                                                const std::vector<std::string_view>& arguments);

}  // namespace portvakt::logs
