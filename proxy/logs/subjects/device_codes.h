// The codes by which a visitor's other device takes over choices and visitor id: kept in Redis for ten
// minutes, each taken once. What is kept is sealed by whoever made the code, so that Redis holds neither the
// code nor a visitor id. Guesses are counted by network and by site. Used by threads that may wait; the
// client outlives it.
//
// Keys, in the site's slot: `PREFIX:{SITE}:code:HASH` (the sealed text), `PREFIX:{SITE}:code-tries:WHO` and
// `PREFIX:{SITE}:code-tries` (wrong guesses of the last hour).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "proxy/logs/redis/redis_client.h"

namespace portvakt::logs {

class DeviceCodes {
 public:
  static constexpr std::chrono::seconds kLife{600};
  static constexpr std::size_t kMaxGuesses = 10;       // of one network in an hour
  static constexpr std::size_t kMaxSiteGuesses = 500;  // of everybody in an hour

  enum class Outcome : std::uint8_t { Done, Missing, TooMany };
  struct Taken {
    Outcome outcome = Outcome::Missing;
    std::string sealed;
  };

  DeviceCodes(RedisClient& client, std::string prefix) : client_(client), prefix_(std::move(prefix)) {}

  tl::expected<void, RedisFault> keep(std::string_view site, std::string_view hash, std::string_view sealed);
  /// At most once; a wrong guess counts, and after too many even a right one gets nothing.
  tl::expected<Taken, RedisFault> take(std::string_view site, std::string_view hash,
                                       std::string_view network);

 private:
  std::string key(std::string_view site, std::string_view name, std::string_view rest) const;

  RedisClient& client_;
  std::string prefix_;
};

}  // namespace portvakt::logs
