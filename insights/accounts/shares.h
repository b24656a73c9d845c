// Links that show one screen of one site to whoever has them, without an account: signed, so that none can be
// guessed or altered, with an end, and void at once when revoked. What a link shows is in the file and not in
// the link. One thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "insights/database.h"
#include "proxy/base/clock.h"

namespace portvakt::insights {

struct Share {
  std::string id;
  std::string site;
  std::string state;  // path and query of the screen
  std::string made_by;
  WallTime made;
  WallTime ends;
};

inline constexpr std::chrono::hours kLongestShare{24 * 366};
inline constexpr std::size_t kMaxShares = 500;  // that run at once
inline constexpr std::size_t kLongestState = 2048;

class Shares {
 public:
  explicit Shares(Database& database) : database_(database) {}

  /// The token of the link. Invalid: too long, or too many run.
  Result<std::string> make(std::string_view site, std::string_view state, std::string_view made_by,
                           std::chrono::hours life, WallTime now);
  /// Empty: no such link, a signature that is not ours, over or revoked.
  Result<std::optional<Share>> find(std::string_view token, WallTime now);
  Result<void> revoke(std::string_view id);
  /// Those that still run, the newest first.
  Result<std::vector<Share>> list(WallTime now);
  Result<std::string> token_of(const Share& share);

 private:
  Result<std::string> signing_key();

  Database& database_;
};

}  // namespace portvakt::insights
