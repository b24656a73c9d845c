// People who may read the reports: a name, a password as scrypt keeps it, roles on sites. Also the one-time
// links with which somebody sets a first password. Guesses are limited elsewhere (guess_limit.h). One thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "insights/accounts/role.h"
#include "insights/database.h"
#include "proxy/base/clock.h"

namespace portvakt::insights {

struct Account {
  std::string name;
  std::vector<Grant> grants;
  bool has_password = false;  // else: only a one-time link or a trusted header lets them in
};

inline constexpr std::size_t kLeastPassword = 12;  // bytes
inline constexpr std::size_t kLongestPassword = 512;
inline constexpr std::size_t kLongestName = 64;
inline constexpr std::chrono::minutes kWelcomeLife{60};

/// Letters, digits and `._@+-`: what names are made of, mail addresses included.
bool is_account_name(std::string_view name);
/// Invalid: too short or too long.
Result<void> judge_password(std::string_view password);

class Accounts {
 public:
  explicit Accounts(Database& database) : database_(database) {}

  /// Invalid: there is one of that name, or it cannot be a name.
  Result<void> add(std::string_view name, const std::vector<Grant>& grants);
  /// In place of those it had.
  Result<void> grant(std::string_view name, const std::vector<Grant>& grants);
  /// Ends every session of the account. Invalid: no such account, or the password is too short.
  Result<void> set_password(std::string_view name, std::string_view password);
  /// Takes as long for names that are not there.
  Result<bool> check_password(std::string_view name, std::string_view password);
  /// With sessions and links.
  Result<void> remove(std::string_view name);
  Result<std::optional<Account>> find(std::string_view name);
  Result<std::vector<Account>> list();

  /// A token that sets a password once, until kWelcomeLife is over; earlier ones of the account are void.
  Result<std::string> make_welcome(std::string_view name, WallTime now);
  /// Whose it is; reading does not spend it.
  Result<std::optional<std::string>> find_welcome(std::string_view token, WallTime now);
  Result<void> spend_welcome(std::string_view token);

 private:
  Result<void> put_grants(std::string_view name, const std::vector<Grant>& grants);
  Result<void> expect(std::string_view name);

  Database& database_;
};

}  // namespace portvakt::insights
