#include "proxy/logs/redis/cluster_slots.h"

#include <gtest/gtest.h>

#include "proxy/logs/redis/redis_command.h"

namespace portvakt::logs {
namespace {

TEST(ClusterSlots, AreThoseOfTheSpecification) {
  EXPECT_EQ(slot_of("123456789"), 0x31C3);
  EXPECT_EQ(slot_of("foo"), 12182);
  EXPECT_EQ(slot_of("{user1000}.following"), slot_of("{user1000}.followers"));
  EXPECT_NE(slot_of("foo{}{bar}"), slot_of("bar"));
  EXPECT_EQ(slot_of("foo{{bar}}zap"), slot_of("{bar"));
  EXPECT_EQ(slot_of("foo{bar}{zap}"), slot_of("bar"));
  EXPECT_EQ(slot_of("portvakt:{a/2026-11-22}:sent"), slot_of("portvakt:{a/2026-11-22}:requests"));
}

std::string key_of(std::initializer_list<std::string_view> words) {
  std::string bytes;
  append_command(bytes, words);
  std::string_view rest = bytes;
  const auto span = take_command(rest);
  EXPECT_TRUE(span && rest.empty() && span->bytes == bytes);
  return span ? std::string(span->key) : "?";
}

TEST(ClusterSlots, FindTheKeyOfACommand) {
  EXPECT_EQ(key_of({"HGET", "k", "f"}), "k");
  EXPECT_EQ(key_of({"EVALSHA", "digest", "2", "k", "l", "a"}), "k");
  EXPECT_EQ(key_of({"EVAL", "return 1", "0", "k"}), "");
  EXPECT_EQ(key_of({"XREAD", "COUNT", "10", "STREAMS", "k", "0"}), "k");
  EXPECT_EQ(key_of({"XGROUP", "CREATE", "k", "g", "0"}), "k");
  EXPECT_EQ(key_of({"PING"}), "");
  EXPECT_EQ(key_of({"SCRIPT", "LOAD", "text"}), "");
}

TEST(ClusterSlots, TakeARunApartAndStopAtWhatIsCut) {
  std::string bytes;
  append_command(bytes, {"HGET", "k", std::string(300, 'x')});
  append_command(bytes, {"PING"});
  std::string_view rest = bytes;
  EXPECT_EQ(take_command(rest)->key, "k");
  EXPECT_EQ(take_command(rest)->bytes, "*1\r\n$4\r\nPING\r\n");
  EXPECT_FALSE(take_command(rest));
  for (std::size_t length = 0; length + 1 < bytes.size(); ++length) {
    std::string_view part = std::string_view(bytes).substr(0, length);
    int whole = 0;
    while (take_command(part)) ++whole;
    EXPECT_LE(whole, 1) << length;
  }
}

}  // namespace
}  // namespace portvakt::logs
