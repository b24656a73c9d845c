#include "proxy/logs/redis/redis_acl.h"

namespace portvakt::logs {
namespace {

// ROLE tells the shipper how far replicas are, TIME keeps a wrong clock of ours from dropping days, CLUSTER
// SLOTS and ASKING serve clusters, SCRIPT LOAD teaches the batch script. What a script calls is checked
// against the user, too.
constexpr std::string_view kShipper =
    "+ping +select +role +time +cluster|slots +asking +script|load +evalsha +type +exists +hget +hmget +hset "
    "+hincrby "
    "+hgetall +eval +xadd +zadd +zrangebyscore +zrem +unlink";

constexpr RedisUser kUsers[] = {
    {"portvakt",
     "the proxy, and `portvakt subject`: delivers records; shows, restricts and erases a visitor's", "~",
     "+ping +select +role +time +info +bgsave +bgrewriteaof +cluster|slots +asking +script|load +evalsha "
     "+eval +multi "
     "+exec +type +exists +expire +get +set +incr +del +unlink +rename +hget +hmget +hgetall +hset +hsetnx "
     "+hdel "
     "+hincrby +hexists +hlen +xadd +xdel +xrange +xrevrange +xtrim +xsetid +xclaim +xpending +xgroup +xinfo "
     "+zadd "
     "+zcard "
     "+zcount +zrange +zrangebyscore +zrem +zremrangebyscore +zscore"},
    {"portvakt-shipper",
     "instead of it, a proxy that only delivers records and drops days past their retention", "~", kShipper},
    {"portvakt-reader", "the reports and other readers", "%R~",
     "+ping +select +cluster|slots +asking +multi +exec +zrange +xrange +xrevrange +xread +xlen "
     "+xinfo|stream +hget "
     "+hmget +hgetall +hscan"},
    {"portvakt-consumer", "programs that take records in consumer groups", "~",
     "+ping +select +cluster|slots +asking +zrange +xrange +xread +xlen +xinfo|stream +xinfo|groups "
     "+xinfo|consumers "
     "+xreadgroup +xack +xpending +xautoclaim +xclaim +xgroup|create +xgroup|createconsumer "
     "+xgroup|delconsumer"},
};

}  // namespace

std::span<const RedisUser> redis_users() {
  return kUsers;
}

std::string acl_line(const RedisUser& user, std::string_view prefix, std::string_view password) {
  std::string line = "user " + std::string(user.name) + " on >" + std::string(password) + " resetkeys ";
  line += std::string(user.keys) + std::string(prefix) + ":* resetchannels -@all ";
  return line += user.commands;
}

std::string acl_file(std::string_view prefix) {
  std::string text =
      "# Users of Portvakt's Redis: put these lines into the server's aclfile, with passwords of your own, "
      "and\n"
      "# ACL LOAD. Users that you do not need may be left out.\n"
      "user default off\n";
  for (const RedisUser& user : redis_users()) {
    text += "# " + std::string(user.what_for) + "\n";
    text += acl_line(user, prefix, "change-this-" + std::string(user.name)) + "\n";
  }
  return text +
         "# On sentinels that ask for a sign-in, under the proxy's and the reader's names:\n"
         "# user NAME on >PASSWORD resetchannels -@all +ping +sentinel|get-master-addr-by-name\n";
}

}  // namespace portvakt::logs
