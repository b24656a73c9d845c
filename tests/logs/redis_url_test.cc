#include "proxy/logs/redis_url.h"

#include <gtest/gtest.h>

namespace portvakt::logs {
namespace {

TEST(RedisUrl, ReadsHostPortDatabaseAndSignIn) {
  const auto plain = parse_redis_url("redis://127.0.0.1:6380/2");
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->place(), "127.0.0.1:6380");
  EXPECT_EQ(plain->database, 2);
  EXPECT_FALSE(plain->is_unix());

  const auto signed_in = parse_redis_url("redis://shipper:p%40ss%3Aword+1@cache.example");
  ASSERT_TRUE(signed_in);
  EXPECT_EQ(signed_in->user, "shipper");
  EXPECT_EQ(signed_in->password, "p@ss:word+1");
  EXPECT_EQ(signed_in->place(), "cache.example:6379");

  const auto password_only = parse_redis_url("redis://:secret@[::1]:7000/");
  ASSERT_TRUE(password_only);
  EXPECT_EQ(password_only->user, "");
  EXPECT_EQ(password_only->password, "secret");
  EXPECT_EQ(password_only->place(), "[::1]:7000");
}

TEST(RedisUrl, ReadsUnixSockets) {
  const auto url = parse_redis_url("unix:/run/redis/redis.sock?db=3");
  ASSERT_TRUE(url);
  EXPECT_TRUE(url->is_unix());
  EXPECT_EQ(url->place(), "/run/redis/redis.sock");
  EXPECT_EQ(url->database, 3);
  EXPECT_EQ(parse_redis_url("unix:///run/redis.sock")->socket_path, "/run/redis.sock");
}

TEST(RedisUrl, SaysWhatIsNotThereYet) {
  for (const char* text : {"rediss://h", "redis+sentinel://h/m", "redis+cluster://h"}) {
    const auto url = parse_redis_url(text);
    ASSERT_FALSE(url) << text;
    EXPECT_EQ(url.error().kind, ErrorKind::Unsupported) << text;
    EXPECT_NE(url.error().detail.find("not supported yet"), std::string::npos) << text;
  }
}

TEST(RedisUrl, RefusesWhatIsWrongWithoutRepeatingIt) {
  for (const char* text :
       {"", "http://h", "redis:", "redis://", "redis://h:x", "redis://h/x", "redis://secretpw@h",
        "redis://u:%zz@h", "redis://u:%00@h", "redis://u:@h", "redis://h/99999", "unix:relative",
        "unix:", "unix:/p?db=x", "unix:/p?password=secretpw"}) {
    const auto url = parse_redis_url(text);
    ASSERT_FALSE(url) << text;
    EXPECT_EQ(url.error().kind, ErrorKind::Invalid) << text;
    EXPECT_EQ(url.error().detail.find("secretpw"), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace portvakt::logs
