// One command, one reply, over a connection that is made if need be. For threads that may wait.
#pragma once

#include <initializer_list>
#include <string_view>

#include "proxy/logs/redis/redis_client.h"

namespace portvakt::logs {

/// An error that Redis answers is a fault here. A connection that had been lying idle and proves dead is made
/// anew, once: only for commands that may be done twice.
tl::expected<RedisReply, RedisFault> redis_call(RedisClient& client,
                                                std::initializer_list<std::string_view> command);

}  // namespace portvakt::logs
