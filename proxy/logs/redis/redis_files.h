// Redis' dump and append-only file, written anew after rows were taken out: what they held before is then
// gone from the disk. Watches and orders, one look a call, and never waits for the server's saving. For one
// thread that is not a worker; the client outlives it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "proxy/logs/redis/redis_client.h"

namespace portvakt::logs {

class RedisFiles {
 public:
  explicit RedisFiles(RedisClient& client) : client_(client) {}

  /// Only files begun from now on count.
  void begin();
  /// True: a dump, and an append-only file if the server keeps one, were begun after begin() and are whole.
  /// `order`: ask for them where none is being written; else the server's own next ones are waited for.
  /// LostData: the server restarted, and what was done before begin() must be done again.
  tl::expected<bool, RedisFault> step(bool order);

 private:
  /// What the server tells of its saving.
  struct Report {
    std::string run;  // another one after a restart
    bool append_only = false;
    bool saving = false, save_failed = false;
    bool rewriting = false, rewrite_failed = false;
    std::uint64_t saves = 0, rewrites = 0;  // begun since the server started
  };
  /// One of the two files.
  struct Watch {
    std::optional<std::uint64_t> from;  // how many had been begun
    bool done = false;
  };
  tl::expected<Report, RedisFault> look();
  static tl::expected<void, RedisFault> watch(Watch& file, bool writing, bool failed, std::uint64_t begun);
  tl::expected<void, RedisFault> ask_for(std::string_view command);

  RedisClient& client_;
  std::string run_;
  Watch dump_;
  Watch append_only_;
};

}  // namespace portvakt::logs
