#include "proxy/logs/redis_reply.h"

#include <hiredis/hiredis.h>

namespace portvakt::logs {
namespace {

/// An answer of ours is a number or a short list; what grows past this is not for us.
constexpr std::size_t kMostUnread = 16U << 20;

struct FaultWord {
  std::string_view word;  // the first of the error text
  RedisFault fault;
};

constexpr FaultWord kFaultWords[] = {
    {"LOADING", RedisFault::Loading},
    {"READONLY", RedisFault::ReadOnly},
    {"OOM", RedisFault::OutOfMemory},
    {"NOAUTH", RedisFault::NoAuth},
    {"WRONGPASS", RedisFault::WrongPassword},
    {"NOPERM", RedisFault::NoPermission},
    {"MOVED", RedisFault::Moved},
    {"ASK", RedisFault::Moved},
    {"TRYAGAIN", RedisFault::Moved},
    {"CROSSSLOT", RedisFault::Moved},
    {"CLUSTERDOWN", RedisFault::ClusterDown},
    {"MASTERDOWN", RedisFault::MasterDown},
    {"BUSY", RedisFault::Busy},
    {"NOSCRIPT", RedisFault::NoScript},
    {"MISCONF", RedisFault::NotWritable},
    {"NOREPLICAS", RedisFault::NotWritable},
    {"WRONGTYPE", RedisFault::WrongType},
};

RedisReply converted(const redisReply& from) {
  RedisReply reply;
  switch (from.type) {
    case REDIS_REPLY_STRING:
      reply.type = RedisReply::Type::Text;
      break;
    case REDIS_REPLY_STATUS:
      reply.type = RedisReply::Type::Status;
      break;
    case REDIS_REPLY_ERROR:
      reply.type = RedisReply::Type::Error;
      break;
    case REDIS_REPLY_INTEGER:
      reply.type = RedisReply::Type::Integer;
      break;
    case REDIS_REPLY_ARRAY:
      reply.type = RedisReply::Type::Array;
      break;
    default:
      return reply;
  }
  reply.integer = from.integer;
  if (from.str) reply.text.assign(from.str, from.len);
  if (from.type != REDIS_REPLY_ARRAY) return reply;
  for (std::size_t i = 0; i < from.elements; ++i) reply.items.push_back(converted(*from.element[i]));
  return reply;
}

}  // namespace

std::string_view fault_text(RedisFault fault) {
  switch (fault) {
    case RedisFault::Unreachable:
      return "cannot be reached";
    case RedisFault::Closed:
      return "closed the connection";
    case RedisFault::TimedOut:
      return "does not answer in time";
    case RedisFault::Stopped:
      return "was left because Portvakt stops";
    case RedisFault::Protocol:
      return "does not speak the Redis protocol (RESP2)";
    case RedisFault::Loading:
      return "is loading its data";
    case RedisFault::ReadOnly:
      return "is a read-only replica";
    case RedisFault::OutOfMemory:
      return "has reached its maxmemory";
    case RedisFault::NoAuth:
      return "asks for a password (log.redis.url)";
    case RedisFault::WrongPassword:
      return "refuses the user or password";
    case RedisFault::NoPermission:
      return "refuses: its access list lacks a command or key";
    case RedisFault::Moved:
      return "is part of a cluster, which needs a redis+cluster: address";
    case RedisFault::ClusterDown:
      return "belongs to a cluster that is down";
    case RedisFault::MasterDown:
      return "has lost its master";
    case RedisFault::Busy:
      return "is busy with a script";
    case RedisFault::NoScript:
      return "has forgotten the script";
    case RedisFault::NotWritable:
      return "refuses writes because it cannot save or replicate them";
    case RedisFault::WrongType:
      return "has something else under one of our keys";
    case RedisFault::LostData:
      return "has lost records that it had confirmed";
    case RedisFault::Other:
      return "answers with an error";
  }
  return "";
}

RedisFault RedisReply::fault() const {
  const std::string_view word = std::string_view(text).substr(0, text.find(' '));
  for (const FaultWord& known : kFaultWords) {
    if (word == known.word) return known.fault;
  }
  return RedisFault::Other;
}

struct RedisReplyReader::State {
  redisReader* reader = redisReaderCreate();
  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    if (reader) redisReaderFree(reader);
  }
};

RedisReplyReader::RedisReplyReader() : state_(std::make_unique<State>()) {}
RedisReplyReader::~RedisReplyReader() = default;

tl::expected<void, RedisFault> RedisReplyReader::feed(std::string_view bytes) {
  redisReader* reader = state_->reader;
  if (!reader || reader->len - reader->pos + bytes.size() > kMostUnread)
    return tl::unexpected(RedisFault::Protocol);
  if (redisReaderFeed(reader, bytes.data(), bytes.size()) != REDIS_OK)
    return tl::unexpected(RedisFault::Protocol);
  return {};
}

tl::expected<std::optional<RedisReply>, RedisFault> RedisReplyReader::next() {
  void* raw = nullptr;
  if (redisReaderGetReply(state_->reader, &raw) != REDIS_OK) return tl::unexpected(RedisFault::Protocol);
  if (!raw) return std::optional<RedisReply>();
  const std::unique_ptr<redisReply, void (*)(void*)> reply(static_cast<redisReply*>(raw), freeReplyObject);
  return std::optional<RedisReply>(converted(*reply));
}

}  // namespace portvakt::logs
