// What Redis answers (RESP2), read from bytes that come in pieces, and what its errors mean for a shipper.
// One thread; no I/O.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

namespace portvakt::logs {

/// Why Redis did not do what was asked.
enum class RedisFault : std::uint8_t {
  Unreachable,  // no such host, or nobody listens
  Closed,       // the connection ended: what was sent may or may not have been done
  TimedOut,     // likewise
  Stopped,      // we were told to stop
  Protocol,     // the answer was not RESP2
  Loading,      // reading its data after a start
  ReadOnly,     // a replica
  OutOfMemory,  // maxmemory is reached
  NoAuth,       // sign-in needed
  WrongPassword,
  NoPermission,  // an ACL forbids it
  Moved,         // a cluster: another node has the key (MOVED, ASK, TRYAGAIN, CROSSSLOT)
  ClusterDown,
  MasterDown,
  Busy,         // a script runs too long
  NoScript,     // the script cache was emptied
  NotWritable,  // it cannot save and refuses writes (MISCONF), or has too few replicas (NOREPLICAS)
  WrongType,    // a key of ours holds something else
  LostData,     // it no longer has what it had confirmed on this connection
  Other,
};

/// For log lines; nothing of the server's own words, which may repeat arguments.
std::string_view fault_text(RedisFault fault);

struct RedisReply {
  enum class Type : std::uint8_t { Status, Error, Integer, Text, Nil, Array };
  Type type = Type::Nil;
  std::int64_t integer = 0;
  std::string text;  // of Status, Error and Text
  std::vector<RedisReply> items;

  bool is_error() const { return type == Type::Error; }
  /// Of an Error.
  RedisFault fault() const;
};

class RedisReplyReader {
 public:
  RedisReplyReader();
  ~RedisReplyReader();
  RedisReplyReader(const RedisReplyReader&) = delete;
  RedisReplyReader& operator=(const RedisReplyReader&) = delete;

  tl::expected<void, RedisFault> feed(std::string_view bytes);
  /// Empty: more bytes are needed. After an error the reader is of no more use.
  tl::expected<std::optional<RedisReply>, RedisFault> next();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace portvakt::logs
