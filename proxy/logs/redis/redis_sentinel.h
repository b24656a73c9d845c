// The master that sentinels name: asks them in turn, checks that the server they name agrees (ROLE), and
// notices when they name another one. A sentinel is signed in to only if it asks for that.
#pragma once

#include <memory>
#include <optional>

#include "proxy/logs/redis/redis_link.h"

namespace portvakt::logs {

class SentinelLink : public RedisLink {
 public:
  SentinelLink(RedisUrl url, RedisTimeouts timeouts, const StopSignal& stop);

  tl::expected<void, RedisFault> connect() override;
  void disconnect() override { master_.reset(); }
  bool connected() const override { return master_ && master_->connected(); }
  RedisReplies exchange(std::string_view commands, std::size_t replies) override;
  RedisStandings look() override;

 private:
  using Place = tl::expected<HostPort, RedisFault>;
  Place ask_sentinel(std::size_t index);
  Place named_by(RedisConnection& sentinel);
  tl::expected<void, RedisFault> connect_to(const HostPort& place);

  RedisUrl url_;
  RedisTimeouts timeouts_;
  const StopSignal& stop_;
  std::vector<std::unique_ptr<RedisConnection>> sentinels_;
  std::size_t first_ = 0;  // the one that answered last
  std::unique_ptr<RedisConnection> master_;
  HostPort master_place_;
};

}  // namespace portvakt::logs
