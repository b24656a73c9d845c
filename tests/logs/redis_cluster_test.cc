// A cluster of three real nodes: days of sites lie on different ones, slots move, nodes die and come back,
// and each record arrives once.
#include <algorithm>
#include "proxy/logs/redis/cluster_slots.h"

#include "tests/logs/shipper_fixture.h"

namespace portvakt::logs {
namespace {

constexpr const char* kSites[] = {"a", "b", "c", "d", "e", "f"};

class Cluster : public ShippedSpool {
 protected:
  Cluster() {
    for (auto& node : nodes_) {
      node = std::make_unique<RedisProcess>(
          "", std::vector<std::string>{"--cluster-enabled", "yes", "--cluster-node-timeout", "1000",
                                       "--cluster-port", std::to_string(RedisProcess::free_port())});
    }
    const char* const ranges[][2] = {{"0", "5460"}, {"5461", "10922"}, {"10923", "16383"}};
    for (std::size_t i = 0; i < 3; ++i)
      nodes_[i]->ask({"CLUSTER", "ADDSLOTSRANGE", ranges[i][0], ranges[i][1]});
    for (std::size_t i = 1; i < 3; ++i) {
      nodes_[0]->ask({"CLUSTER", "SET-CONFIG-EPOCH", "1"});
      nodes_[i]->ask({"CLUSTER", "SET-CONFIG-EPOCH", std::to_string(i + 1)});
    }
    for (std::size_t i = 1; i < 3; ++i) {
      const RedisReply bus = nodes_[i]->ask({"CONFIG", "GET", "cluster-port"});
      nodes_[0]->ask({"CLUSTER", "MEET", "127.0.0.1", std::to_string(nodes_[i]->port()), bus.items[1].text});
    }
    EXPECT_TRUE(wait_until([&] {
      return std::ranges::all_of(nodes_, [](auto& node) {
        const std::string info = node->ask({"CLUSTER", "INFO"}).text;
        return info.find("cluster_state:ok") != std::string::npos &&
               info.find("cluster_known_nodes:3") != std::string::npos &&
               info.find("cluster_slots_ok:16384") != std::string::npos;
      });
    }));
  }

  RedisUrl url() const {
    return *parse_redis_url("redis+cluster://127.0.0.1:1,127.0.0.1:" + std::to_string(nodes_[0]->port()) +
                            ",127.0.0.1:" + std::to_string(nodes_[2]->port()));
  }
  RedisProcess& node_of(const std::string& key) {
    const auto slot = slot_of(key);
    return *nodes_[slot <= 5460 ? 0 : slot <= 10922 ? 1 : 2];
  }
  void append_all(int first, int last) {
    for (int i = first; i <= last; ++i) {
      for (const char* site : kSites) append(i, i, site);
    }
  }
  void expect_all_once(int last) {
    for (const char* site : kSites) {
      std::map<std::string, int> paths;
      for (auto& node : nodes_) {
        for (const auto& entry : node->entries(stream(site))) ++paths[entry.at("path")];
      }
      EXPECT_EQ(paths.size(), static_cast<std::size_t>(last)) << site;
      for (const auto& [path, times] : paths) ASSERT_EQ(times, 1) << site << path;
    }
  }
  std::string id(RedisProcess& node) { return node.ask({"CLUSTER", "MYID"}).text; }

  std::array<std::unique_ptr<RedisProcess>, 3> nodes_;
};

TEST_F(Cluster, EachDayGoesToItsNode) {
  ship(url());
  append_all(1, 500);
  ASSERT_TRUE(wait_delivered(3000));
  std::set<RedisProcess*> used;
  for (const char* site : kSites) {
    EXPECT_EQ(node_of(stream(site)).length(stream(site)), 500);
    used.insert(&node_of(stream(site)));
  }
  EXPECT_GT(used.size(), 1U);
  for (auto& node : nodes_) node->ask({"SCRIPT", "FLUSH"});
  append_all(501, 600);
  ASSERT_TRUE(wait_delivered(3600));
  expect_all_once(600);
}

TEST_F(Cluster, ATransactionStaysOnItsNode) {
  StopSignal stop;
  RedisClient client(url(), {std::chrono::seconds{5}, std::chrono::seconds{5}}, stop);
  ASSERT_TRUE(client.connect());
  for (const char* site : kSites) {
    std::string commands;
    append_command(commands, {"MULTI"});
    append_command(commands, {"HSET", std::string("x:{") + site + "}:a", "f", site});
    append_command(commands, {"HGET", std::string("x:{") + site + "}:a", "f"});
    append_command(commands, {"EXEC"});
    const auto replies = client.exchange(commands, 4);
    ASSERT_TRUE(replies);
    ASSERT_EQ(replies->back().items.size(), 2U);
    EXPECT_EQ(replies->back().items[1].text, site);
  }
}

TEST_F(Cluster, ASlotThatMovesIsFollowed) {
  ship(url());
  append_all(1, 300);
  ASSERT_TRUE(wait_delivered(1800));
  RedisProcess& from = node_of(stream("a"));
  RedisProcess& to = &from == nodes_[0].get() ? *nodes_[1] : *nodes_[0];
  const std::string slot = std::to_string(slot_of(stream("a"))), target = id(to), source = id(from);
  to.ask({"CLUSTER", "SETSLOT", slot, "IMPORTING", source});
  from.ask({"CLUSTER", "SETSLOT", slot, "MIGRATING", target});
  const std::string port = std::to_string(to.port());
  // With some of the day's keys here and some there, the batch has to wait.
  from.ask({"MIGRATE", "127.0.0.1", port, "portvakt:{a/2026-11-22}:sent", "0", "5000"});
  append_all(301, 400);
  const auto& faults = shipper_->counters().faults;
  EXPECT_TRUE(wait_until([&] { return faults[static_cast<std::size_t>(RedisFault::TryAgain)].value() > 0; }));
  from.ask({"MIGRATE", "127.0.0.1", port, stream("a"), "0", "5000"});
  for (auto& node : nodes_) node->ask({"CLUSTER", "SETSLOT", slot, "NODE", target});
  ASSERT_TRUE(wait_delivered(2400));
  EXPECT_EQ(to.length(stream("a")), 400);
  expect_all_once(400);
}

TEST_F(Cluster, ANodeThatDiesAndComesBackIsWaitedFor) {
  ship(url());
  append_all(1, 300);
  ASSERT_TRUE(wait_delivered(1800));
  RedisProcess& node = node_of(stream("a"));
  node.kill();
  append_all(301, 600);
  ASSERT_TRUE(wait_until([&] { return shipper_->counters().failures.value() >= 3; }));
  node.start();
  ASSERT_TRUE(wait_delivered(3600));
  expect_all_once(600);
}

TEST(ClusterUrl, OfAServerThatIsNoneSaysSo) {
  const RedisProcess redis;
  StopSignal stop;
  const auto single = parse_redis_url("redis+cluster://127.0.0.1:" + std::to_string(redis.port()));
  RedisClient client(*single, {std::chrono::seconds{5}, std::chrono::seconds{5}}, stop);
  const auto connected = client.connect();
  ASSERT_FALSE(connected);
  EXPECT_EQ(connected.error(), RedisFault::NoCluster);
}

}  // namespace
}  // namespace portvakt::logs
