// From the configuration's `log.redis` to where Redis is, trust included: the one way from options to a
// RedisUrl.
#pragma once

#include "config/model.h"
#include "proxy/logs/redis/redis_url.h"

namespace portvakt::logs {

/// Reads the TLS files. Errors: Invalid (the URL), Io or Invalid (a file; named).
Result<RedisUrl> redis_from(const config::Redis& redis);

}  // namespace portvakt::logs
