#include "proxy/logs/redis/redis_reply.h"

#include <gtest/gtest.h>

#include "proxy/logs/redis/redis_command.h"

namespace portvakt::logs {
namespace {

constexpr std::string_view kStream =
    "+OK\r\n:-7\r\n$5\r\na\r\nbc\r\n$-1\r\n*2\r\n:1\r\n*1\r\n$0\r\n\r\n-LOADING Redis is loading\r\n*-1\r\n";

std::string text_of(const RedisReply& reply) {
  switch (reply.type) {
    case RedisReply::Type::Status:
      return "+" + reply.text;
    case RedisReply::Type::Error:
      return "-" + reply.text;
    case RedisReply::Type::Integer:
      return ":" + std::to_string(reply.integer);
    case RedisReply::Type::Text:
      return "$" + reply.text;
    case RedisReply::Type::Nil:
      return "nil";
    case RedisReply::Type::Array:
      break;
  }
  std::string out = "[";
  for (const auto& item : reply.items) out += text_of(item) + " ";
  return out + "]";
}

std::string read_in_pieces(std::string_view bytes, std::size_t piece) {
  RedisReplyReader reader;
  std::string out;
  while (!bytes.empty()) {
    EXPECT_TRUE(reader.feed(bytes.substr(0, piece)));
    bytes.remove_prefix(std::min(piece, bytes.size()));
    while (true) {
      auto reply = reader.next();
      if (!reply) return out + "fault";
      if (!*reply) break;
      out += text_of(**reply) + "|";
    }
  }
  return out;
}

TEST(RedisReply, ReadsAllKindsHoweverTheyAreCut) {
  const std::string expected = "+OK|:-7|$a\r\nbc|nil|[:1 [$ ] ]|-LOADING Redis is loading|nil|";
  for (std::size_t piece = 1; piece <= kStream.size(); ++piece) {
    EXPECT_EQ(read_in_pieces(kStream, piece), expected) << piece;
  }
}

TEST(RedisReply, RefusesWhatIsNotResp2) {
  EXPECT_EQ(read_in_pieces("%1\r\n+a\r\n+b\r\n", 100), "fault");
  EXPECT_EQ(read_in_pieces("HTTP/1.1 400 Bad Request\r\n", 100), "fault");
}

TEST(RedisReply, TellsErrorsApart) {
  const struct {
    const char* text;
    RedisFault fault;
  } cases[] = {
      {"LOADING Redis is loading the dataset in memory", RedisFault::Loading},
      {"READONLY You can't write against a read only replica.", RedisFault::ReadOnly},
      {"OOM command not allowed when used memory > 'maxmemory'.", RedisFault::OutOfMemory},
      {"NOAUTH Authentication required.", RedisFault::NoAuth},
      {"WRONGPASS invalid username-password pair or user is disabled.", RedisFault::WrongPassword},
      {"NOPERM this user has no permissions to run the 'evalsha' command", RedisFault::NoPermission},
      {"MOVED 3999 127.0.0.1:6381", RedisFault::Moved},
      {"CLUSTERDOWN The cluster is down", RedisFault::ClusterDown},
      {"BUSY Redis is busy running a script.", RedisFault::Busy},
      {"NOSCRIPT No matching script.", RedisFault::NoScript},
      {"MISCONF Redis is configured to save RDB snapshots", RedisFault::NotWritable},
      {"WRONGTYPE", RedisFault::WrongType},
      {"ERR unknown command", RedisFault::Other},
  };
  for (const auto& one : cases) {
    RedisReply reply;
    reply.type = RedisReply::Type::Error;
    reply.text = one.text;
    EXPECT_EQ(reply.fault(), one.fault) << one.text;
    EXPECT_FALSE(fault_text(one.fault).empty()) << one.text;
  }
}

TEST(RedisCommand, IsAnArrayOfBulkStrings) {
  std::string out;
  append_command(out, {"SET", "k", std::string_view("a\r\n\0b", 5)});
  EXPECT_EQ(out, std::string_view("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$5\r\na\r\n\0b\r\n", 31));
}

}  // namespace
}  // namespace portvakt::logs
