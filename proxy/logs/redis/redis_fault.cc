// What is said of Redis' faults, in words for operators.
#include <array>

#include "proxy/logs/redis/redis_reply.h"

namespace portvakt::logs {
namespace {

struct FaultWords {
  std::string_view word;    // for a metric's label
  std::string_view text;    // "Redis at … "
  std::string_view advice;  // "; "
};

/// In the order of RedisFault.
constexpr std::array<FaultWords, kRedisFaults> kWords = {{
    {"unreachable", "cannot be reached", "see whether it runs and whether log.redis.url is right"},
    {"untrusted", "fails the TLS handshake or its certificate is not accepted",
     "see log.redis.tls and the server's certificate and name"},
    {"closed", "closed the connection", ""},
    {"timed_out", "does not answer in time", "see its load and the network between"},
    {"stopped", "was left because Portvakt stops", ""},
    {"protocol", "does not speak the Redis protocol (RESP2)",
     "see whether log.redis.url names a Redis server"},
    {"loading", "is loading its data", ""},
    {"read_only", "is a read-only replica",
     "name the master, or the sentinels with redis+sentinel:, in log.redis.url"},
    {"out_of_memory", "has reached its maxmemory", "raise maxmemory or shorten log.retention"},
    {"no_auth", "asks for a password", "put user and password into log.redis.url"},
    {"wrong_password", "refuses the user or password", "see log.redis.url and the server's users"},
    {"no_permission", "refuses: its access list lacks a command or key",
     "compare the user with what `portvakt redis acl` prints"},
    {"moved", "is not the master of these keys any more", ""},
    {"asked", "is moving a slot of its cluster", ""},
    {"try_again", "is moving a slot of its cluster", ""},
    {"not_one_slot", "wants the keys of a command in one slot",
     "use redis+cluster: in log.redis.url, and no proxy that splits keys"},
    {"no_cluster", "is not part of a cluster", "use redis: instead of redis+cluster: in log.redis.url"},
    {"cluster_down", "belongs to a cluster that is down", "see CLUSTER INFO on its nodes"},
    {"master_down", "has lost its master", "see its replication"},
    {"no_sentinel", "has no sentinel that answers", "see whether the sentinels in log.redis.url run"},
    {"unknown_master", "is not known to its sentinels", "see the master's name in log.redis.url"},
    {"busy", "is busy with a script", "see SCRIPT KILL on the server"},
    {"no_script", "has forgotten the script", ""},
    {"not_writable", "refuses writes because it cannot save or replicate them",
     "see the server's log, its disk and its replicas"},
    {"wrong_type", "has something else under one of our keys",
     "let no other program use the keys of log.redis.prefix"},
    {"lost_data", "has lost records that it had confirmed", ""},
    {"other", "answers with an error", "see MONITOR or the log of the server"},
}};

const FaultWords& words_of(RedisFault fault) {
  return kWords[static_cast<std::size_t>(fault)];
}

}  // namespace

std::string_view fault_text(RedisFault fault) {
  return words_of(fault).text;
}

std::string_view fault_advice(RedisFault fault) {
  return words_of(fault).advice;
}

std::string_view fault_word(RedisFault fault) {
  return words_of(fault).word;
}

}  // namespace portvakt::logs
