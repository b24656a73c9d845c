#include "proxy/logs/redis/redis_config.h"

namespace portvakt::logs {

Result<RedisUrl> redis_from(const config::Redis& redis) {
  auto url = parse_redis_url(redis.url.value);
  if (!url || !url->tls) return url;
  auto trust = net::TlsContext::for_client(
      {.trusted = redis.tls.ca, .own = {redis.tls.certificate, redis.tls.key}, .verify = redis.tls.verify});
  if (!trust) return tl::unexpected(trust.error());
  url->trust = std::move(*trust);
  url->server_name = redis.tls.server_name;
  return url;
}

}  // namespace portvakt::logs
