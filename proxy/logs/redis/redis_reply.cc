#include "proxy/logs/redis/redis_reply.h"

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
    {"ASK", RedisFault::Asked},
    {"TRYAGAIN", RedisFault::TryAgain},
    {"CROSSSLOT", RedisFault::NotOneSlot},
    {"CLUSTERDOWN", RedisFault::ClusterDown},
    {"MASTERDOWN", RedisFault::MasterDown},
    {"UNBLOCKED", RedisFault::Closed},
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

RedisFault RedisReply::fault() const {
  const std::string_view word = std::string_view(text).substr(0, text.find(' '));
  for (const FaultWord& known : kFaultWords) {
    if (word == known.word) return known.fault;
  }
  // A server without cluster mode has no word of its own for it.
  if (text.starts_with("ERR This instance has cluster support disabled")) return RedisFault::NoCluster;
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
