// A Redis Cluster: learns which master keeps which slots from any node that answers, sends each command where
// its key lies, and follows a slot that is being moved (ASK). After MOVED, and after any fault, its map
// counts as old: it is not connected any more, and connect() learns a new one. So whoever keeps knowledge of
// what is stored asks for it again, because a new master may lack the last moments.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <string>

#include "proxy/logs/redis/cluster_slots.h"
#include "proxy/logs/redis/redis_link.h"

namespace portvakt::logs {

class ClusterLink : public RedisLink {
 public:
  ClusterLink(RedisUrl url, RedisTimeouts timeouts, const StopSignal& stop);

  tl::expected<void, RedisFault> connect() override;
  void disconnect() override;
  bool connected() const override { return mapped_; }
  RedisReplies exchange(std::string_view commands, std::size_t replies) override;
  RedisStandings look() override;

 private:
  using Done = tl::expected<void, RedisFault>;
  struct Node {
    HostPort place;
    std::unique_ptr<RedisConnection> connection;
    bool master = false;  // of some slots
    // Of the exchange in hand.
    std::string commands;
    std::vector<std::size_t> asked;  // the places of its replies
  };

  std::size_t node_at(const HostPort& place);
  Done connect_node(Node& node);
  Done learn_from(std::size_t index);
  bool read_map(const RedisReply& reply, const HostPort& asked);
  Done distribute(std::string_view commands, std::vector<CommandSpan>& spans);
  Done collect(Node& node, std::vector<RedisReply>& replies);
  Done follow(const std::vector<CommandSpan>& spans, std::vector<RedisReply>& replies);

  RedisUrl url_;
  RedisTimeouts timeouts_;
  const StopSignal& stop_;
  std::vector<Node> nodes_;                           // grows only; index is the name
  std::array<std::uint16_t, kClusterSlots> owner_{};  // index + 1 of the node; 0: nobody
  std::size_t first_ = 0;                             // the node that gave the map
  bool mapped_ = false;
};

}  // namespace portvakt::logs
