#include "proxy/logs/redis/redis_client.h"

#include "proxy/logs/redis/redis_cluster.h"
#include "proxy/logs/redis/redis_sentinel.h"

namespace portvakt::logs {
namespace {

/// One server.
class ServerLink : public RedisLink {
 public:
  ServerLink(const RedisUrl& url, RedisTimeouts timeouts, const StopSignal& stop)
      : connection_(url, timeouts, stop) {}

  tl::expected<void, RedisFault> connect() override { return connection_.connect(); }
  void disconnect() override { connection_.disconnect(); }
  bool connected() const override { return connection_.connected(); }
  RedisReplies exchange(std::string_view commands, std::size_t replies) override {
    return connection_.exchange(commands, replies);
  }
  RedisStandings look() override {
    auto role = connection_.role();
    if (!role) return tl::unexpected(role.error());
    if (!role->master) return tl::unexpected(RedisFault::ReadOnly);
    return std::vector<RedisStanding>{{connection_.url().place(), std::move(*role)}};
  }

 private:
  RedisConnection connection_;
};

}  // namespace

RedisClient::RedisClient(const RedisUrl& url, Timeouts timeouts, const StopSignal& stop) {
  switch (url.kind) {
    case RedisUrl::Kind::Server:
      link_ = std::make_unique<ServerLink>(url, timeouts, stop);
      break;
    case RedisUrl::Kind::Sentinel:
      link_ = std::make_unique<SentinelLink>(url, timeouts, stop);
      break;
    case RedisUrl::Kind::Cluster:
      link_ = std::make_unique<ClusterLink>(url, timeouts, stop);
      break;
  }
}

}  // namespace portvakt::logs
