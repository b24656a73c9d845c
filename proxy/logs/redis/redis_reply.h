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
  Untrusted,    // TLS: its certificate or ours was refused, or there was no handshake
  Closed,       // the connection ended: what was sent may or may not have been done
  TimedOut,     // likewise
  Stopped,      // we were told to stop
  Protocol,     // the answer was not RESP2
  Loading,      // reading its data after a start
  ReadOnly,     // a replica
  OutOfMemory,  // maxmemory is reached
  NoAuth,       // sign-in needed
  WrongPassword,
  NoPermission,   // an ACL forbids it
  Moved,          // another server has the key, or is the master now: MOVED, or what sentinels say
  Asked,          // a cluster moves the key's slot: ASK
  TryAgain,       // likewise, and only some of a command's keys are there: TRYAGAIN
  NotOneSlot,     // CROSSSLOT
  NoCluster,      // the server says that it is none
  ClusterDown,    // some slots are nobody's
  MasterDown,     // a replica that has lost its master
  NoSentinel,     // none of the sentinels answers
  UnknownMaster,  // no sentinel knows the name
  Busy,           // a script runs too long
  NoScript,       // the script cache was emptied
  NotWritable,    // it cannot save and refuses writes (MISCONF), or has too few replicas (NOREPLICAS)
  WrongType,      // a key of ours holds something else
  LostData,       // it no longer has what it had confirmed on this connection
  Other,
};
inline constexpr std::size_t kRedisFaults = static_cast<std::size_t>(RedisFault::Other) + 1;

/// For log lines; nothing of the server's own words, which may repeat arguments.
std::string_view fault_text(RedisFault fault);
/// What an operator can do about it; empty where waiting is all.
std::string_view fault_advice(RedisFault fault);
/// One word for a metric's label, such as `out_of_memory`.
std::string_view fault_word(RedisFault fault);

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
