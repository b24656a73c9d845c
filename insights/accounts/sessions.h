// Who is signed in. A session is 256 random bits in a cookie, of which the file keeps only the hash; it ends
// by itself when it was idle for long, or old, and at once when somebody signs out. No address, no browser is
// remembered. One thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "insights/database.h"
#include "proxy/base/clock.h"

namespace portvakt::insights {

inline constexpr std::chrono::hours kSessionIdle{12};
inline constexpr std::chrono::hours kSessionLife{24 * 7};

class Sessions {
 public:
  explicit Sessions(Database& database) : database_(database) {}

  /// The token for the cookie.
  Result<std::string> begin(std::string_view account, WallTime now);
  /// Whose it is; empty: nobody's, or over.
  Result<std::optional<std::string>> find(std::string_view token, WallTime now);
  Result<void> end(std::string_view token);

 private:
  Database& database_;
};

/// What a form of this session carries, so that no other site can send one: known to whoever knows the token.
std::string form_token(std::string_view session_token);

}  // namespace portvakt::insights
