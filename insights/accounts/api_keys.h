// Keys with which programs read what an account may read: 256 random bits, of which the file keeps the hash.
// One a account; a new one ends the old. One thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "insights/database.h"

namespace portvakt::insights {

class ApiKeys {
 public:
  explicit ApiKeys(Database& database) : database_(database) {}

  Result<std::string> make(std::string_view account);
  /// Whose it is; empty: nobody's.
  Result<std::optional<std::string>> find(std::string_view key);

 private:
  Database& database_;
};

}  // namespace portvakt::insights
