// Which server is asked next: by turns, load, chance or key, among those that are up and have room.
#include "proxy/upstream/balancer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

namespace portvakt::upstream {
namespace {

using Rule = Balancing::Rule;
using std::chrono::milliseconds;
using std::chrono::seconds;

class BalancerTest : public testing::Test {
 protected:
  UpstreamServer& add(const std::string& name, unsigned weight = 1) {
    auto server = std::make_unique<UpstreamServer>();
    server->name = name;
    server->weight = weight;
    auto& added = *server;
    servers_.push_back(std::move(server));
    return added;
  }
  std::optional<Chosen> choose(std::optional<std::uint64_t> key = {},
                               std::span<const UpstreamServer* const> tried = {}) {
    return balancer_.choose(servers_, balancing_, {now_, key, tried});
  }
  std::string name(const std::optional<Chosen>& chosen) const {
    if (!chosen) return "full";
    return servers_[chosen->index]->name + (chosen->none_up ? "!" : "");
  }
  /// The names of so many choices, one after the other, each done before the next.
  std::string names(int count) {
    std::string all;
    for (int i = 0; i < count; ++i) all += name(choose());
    return all;
  }
  std::map<std::string, int> tally(int count) {
    std::map<std::string, int> counts;
    for (int i = 0; i < count; ++i) ++counts[name(choose())];
    return counts;
  }
  void take_down(const UpstreamServer& server) {
    for (int i = 0; i < ServerStatus::kFailuresToEject; ++i) server.status->failed(now_);
  }

  std::vector<std::unique_ptr<const UpstreamServer>> servers_;
  Balancing balancing_;
  SteadyTime now_{seconds(1000)};
  Balancer balancer_{7};
};

TEST_F(BalancerTest, TakesServersByTurns) {
  add("a"), add("b"), add("c");
  EXPECT_EQ(names(7), "abcabca");
}

TEST_F(BalancerTest, SpreadsAHeavyServersTurns) {
  add("a", 5), add("b"), add("c");
  EXPECT_EQ(names(14), "aabacaaaabacaa");
}

TEST_F(BalancerTest, LeavesOutAServerThatIsDownUntilItsTrial) {
  const auto& bad = add("a");
  add("b");
  take_down(bad);
  EXPECT_EQ(names(4), "bbbb");
  now_ += ServerStatus::kFirstPause;
  EXPECT_EQ(names(3), "abb") << "one exchange tries it";
  bad.status->succeeded(now_);
  EXPECT_NE(names(4).find('a'), std::string::npos);
}

TEST_F(BalancerTest, TriesAllTheSameWhenNoServerIsUp) {
  take_down(add("a"));
  take_down(add("b"));
  EXPECT_EQ(names(4), "a!b!a!b!");
}

TEST_F(BalancerTest, AsksABackupOnlyWhenNoOtherIsUp) {
  const auto& first = add("a");
  add("b").backup = true;
  EXPECT_EQ(names(3), "aaa");
  take_down(first);
  EXPECT_EQ(names(3), "bbb");
}

TEST_F(BalancerTest, TriesAnotherServerThanThatWhichFailed) {
  const auto& first = add("a");
  const auto& second = add("b");
  const std::array<const UpstreamServer*, 1> tried = {&first};
  for (int i = 0; i < 4; ++i) EXPECT_EQ(name(choose({}, tried)), "b");
  const std::array<const UpstreamServer*, 2> both = {&first, &second};
  EXPECT_NE(name(choose({}, both)), "full") << "if there is no other";
}

TEST_F(BalancerTest, KeepsToTheLimitOfEachServer) {
  add("a").max_connections = 1;
  add("b").max_connections = 2;
  std::vector<Chosen> held;
  for (int i = 0; i < 3; ++i) held.push_back(std::move(*choose()));
  EXPECT_EQ(name(choose()), "full");
  held.pop_back();
  EXPECT_NE(name(choose()), "full");
}

TEST_F(BalancerTest, ABusyServerIsNotReplacedByOneThatIsDown) {
  const auto& busy = add("a");
  const_cast<UpstreamServer&>(busy).max_connections = 1;
  take_down(add("b"));
  const auto held = choose();
  EXPECT_EQ(name(choose()), "full");
}

TEST_F(BalancerTest, GivesTheLeastBusyServerTheNextExchange) {
  balancing_.rule = Rule::LeastConnections;
  add("a"), add("b", 2), add("c");
  std::vector<Chosen> held;
  std::map<std::string, int> counts;
  for (int i = 0; i < 40; ++i) {
    held.push_back(std::move(*choose()));
    ++counts[servers_[held.back().index]->name];
  }
  EXPECT_EQ(counts["a"], 10);
  EXPECT_EQ(counts["b"], 20);
  EXPECT_EQ(counts["c"], 10);
}

TEST_F(BalancerTest, OfTwoByChanceTakesTheLessBusy) {
  balancing_.rule = Rule::RandomTwo;
  add("a"), add("b"), add("c"), add("d");
  std::vector<Chosen> held;
  std::map<std::string, int> counts;
  for (int i = 0; i < 400; ++i) {
    held.push_back(std::move(*choose()));
    ++counts[servers_[held.back().index]->name];
  }
  for (const auto& server : servers_) EXPECT_NEAR(counts[server->name], 100, 12) << server->name;
}

TEST_F(BalancerTest, SameKeySameServerAndOnlyTheKeysOfALostServerMove) {
  balancing_.rule = Rule::ConsistentHash;
  add("a"), add("b");
  const auto& lost = add("c");
  std::map<int, std::string> before;
  for (int i = 0; i < 300; ++i) before[i] = name(choose(Balancer::hash(std::to_string(i))));
  take_down(lost);
  std::map<std::string, int> counts;
  for (int i = 0; i < 300; ++i) {
    const auto after = name(choose(Balancer::hash(std::to_string(i))));
    if (before[i] != "c") {
      EXPECT_EQ(after, before[i]);
    }
    ++counts[before[i]];
  }
  for (const auto& server : servers_) EXPECT_NEAR(counts[server->name], 100, 30) << server->name;
}

TEST_F(BalancerTest, KeysGoByWeight) {
  balancing_.rule = Rule::ConsistentHash;
  add("a", 1), add("b", 3);
  std::map<std::string, int> counts;
  for (int i = 0; i < 2000; ++i) ++counts[name(choose(Balancer::hash(std::to_string(i))))];
  EXPECT_NEAR(counts["b"], 1500, 100);
}

TEST_F(BalancerTest, WithoutAKeyServersTakeTurns) {
  balancing_.rule = Rule::ConsistentHash;
  add("a"), add("b");
  EXPECT_EQ(names(4), "abab");
}

TEST_F(BalancerTest, AServerThatCameBackStartsSlowly) {
  balancing_.slow_start = seconds(10);
  const auto& back = add("a");
  add("b");
  take_down(back);
  now_ += ServerStatus::kFirstPause;
  EXPECT_TRUE(back.status->begin_trial(now_));
  back.status->succeeded(now_);
  EXPECT_LE(tally(100)["a"], 2);
  now_ += seconds(5);
  EXPECT_NEAR(tally(300)["a"], 100, 3) << "half of its weight";
  now_ += seconds(5);
  EXPECT_NEAR(tally(100)["a"], 50, 1);
}

TEST_F(BalancerTest, TakesUpAChangedListOfServers) {
  add("a"), add("b");
  EXPECT_EQ(names(3), "aba");
  add("c");
  EXPECT_EQ(tally(300)["c"], 100);
  servers_.erase(servers_.begin());
  EXPECT_EQ(tally(100)["b"], 50);
}

}  // namespace
}  // namespace portvakt::upstream
