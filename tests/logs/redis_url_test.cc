#include "proxy/logs/redis/redis_url.h"

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

TEST(RedisUrl, ReadsSentinelsAndTheirMastersName) {
  const auto url = parse_redis_url("redis+sentinel://w:p%2Cw@s1,s2:26380,[::1]/my%20master/4");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->kind, RedisUrl::Kind::Sentinel);
  EXPECT_EQ(url->master, "my master");
  EXPECT_EQ(url->database, 4);
  EXPECT_EQ(url->password, "p,w");
  EXPECT_EQ(url->place(), "my master of s1:26379,s2:26380,[::1]:26379");
  EXPECT_FALSE(url->tls);
  EXPECT_TRUE(parse_redis_url("rediss+sentinel://s1/m")->tls);
  const RedisUrl one = url->at({"10.0.0.1", 7000});
  EXPECT_EQ(one.kind, RedisUrl::Kind::Server);
  EXPECT_EQ(one.place(), "10.0.0.1:7000");
  EXPECT_EQ(one.user, "w");
  EXPECT_EQ(one.database, 4);
}

TEST(RedisUrl, ReadsTheNodesOfAClusterAndTls) {
  const auto url = parse_redis_url("redis+cluster://:pw@n1:7000,n2:7001,n3");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->kind, RedisUrl::Kind::Cluster);
  EXPECT_EQ(url->place(), "n1:7000,n2:7001,n3:6379");
  EXPECT_TRUE(parse_redis_url("rediss+cluster://n1/")->tls);
  EXPECT_TRUE(parse_redis_url("REDISS://h/3")->tls);
  EXPECT_FALSE(parse_redis_url("redis://h/3")->tls);
}

TEST(RedisUrl, RefusesWhatIsWrongWithoutRepeatingIt) {
  for (const char* text : {"",
                           "http://h",
                           "redis:",
                           "redis://",
                           "redis://h:x",
                           "redis://h/x",
                           "redis://secretpw@h",
                           "redis://u:%zz@h",
                           "redis://u:%00@h",
                           "redis://u:@h",
                           "redis://h/99999",
                           "unix:relative",
                           "unix:",
                           "unix:/p?db=x",
                           "redis://a,b",
                           "redis+sentinel://s1",
                           "redis+sentinel://s1/",
                           "redis+sentinel://s1/m/x",
                           "redis+sentinel://s1,/m",
                           "redis+cluster://n1/2",
                           "redis+cluster://n1,,n2",
                           "unix:/p?password=secretpw"}) {
    const auto url = parse_redis_url(text);
    ASSERT_FALSE(url) << text;
    EXPECT_EQ(url.error().kind, ErrorKind::Invalid) << text;
    EXPECT_EQ(url.error().detail.find("secretpw"), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace portvakt::logs
