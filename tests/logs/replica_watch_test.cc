#include "proxy/logs/redis/replica_watch.h"

#include <gtest/gtest.h>

namespace portvakt::logs {
namespace {

using std::chrono::seconds;

SteadyTime at(int second) {
  return SteadyTime{} + seconds{second};
}

std::vector<RedisStanding> one(std::int64_t offset, std::vector<std::int64_t> replicas) {
  return {{"a", {true, true, offset, std::move(replicas)}}};
}

TEST(ReplicaWatch, WithoutReplicasAnAnswerIsEnough) {
  ReplicaWatch watch;
  EXPECT_EQ(watch.safe_until(at(1), {}), std::nullopt);
  EXPECT_EQ(watch.safe_until(at(2), one(100, {})), at(2));
  EXPECT_EQ(watch.safe_until(at(3), {{"a", {}}}), at(3)) << "it may not be asked for its role";
}

TEST(ReplicaWatch, WaitsForTheSlowestReplica) {
  ReplicaWatch watch;
  EXPECT_EQ(watch.safe_until(at(1), one(100, {100, 90})), std::nullopt);
  EXPECT_EQ(watch.safe_until(at(2), one(200, {200, 100})), at(1));
  EXPECT_EQ(watch.safe_until(at(3), one(300, {300, 150})), at(1));
  EXPECT_EQ(watch.safe_until(at(4), one(300, {300, 300})), at(4));
}

TEST(ReplicaWatch, WaitsAWhileForALostReplica) {
  ReplicaWatch watch;
  EXPECT_EQ(watch.safe_until(at(1), one(100, {100})), at(1));
  EXPECT_EQ(watch.safe_until(at(2), one(200, {})), at(1)) << "it may still be made master";
  EXPECT_EQ(watch.safe_until(at(600), one(300, {})), at(1));
  EXPECT_EQ(watch.safe_until(at(602), one(300, {})), at(602));
  EXPECT_EQ(watch.safe_until(at(603), one(400, {300})), at(602)) << "it came back and is waited for again";
}

TEST(ReplicaWatch, ForgetsOffsetsAfterAFault) {
  ReplicaWatch watch;
  EXPECT_EQ(watch.safe_until(at(1), one(9000, {10})), std::nullopt);
  watch.restart();
  EXPECT_EQ(watch.safe_until(at(5), one(20, {20})), at(5)) << "the server counts from the beginning again";
}

TEST(ReplicaWatch, AClustersSlowestNodeDecides) {
  ReplicaWatch watch;
  std::vector<RedisStanding> both = one(100, {100});
  both.push_back({"b", {true, true, 50, {10}}});
  EXPECT_EQ(watch.safe_until(at(1), both), std::nullopt);
  both[1].role.replicas = {50};
  EXPECT_EQ(watch.safe_until(at(2), both), at(2));
}

}  // namespace
}  // namespace portvakt::logs
