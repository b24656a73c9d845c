#include "insights/accounts/api_keys.h"

#include "insights/accounts/account_database.h"
#include "proxy/base/ascii.h"
#include "proxy/base/crypto.h"

namespace portvakt::insights {

Result<std::string> ApiKeys::make(std::string_view account) {
  auto key = ascii::base64url(crypto::random_bytes(32));
  const auto made = change(database_, "INSERT OR REPLACE INTO api_keys VALUES (?, ?)", account,
                           ascii::hex(crypto::sha256(key)));
  if (!made) return tl::unexpected(made.error());
  return key;
}

Result<std::optional<std::string>> ApiKeys::find(std::string_view key) {
  const auto hash = ascii::hex(crypto::sha256(key));
  auto row = ask(database_, "SELECT account FROM api_keys WHERE key = ?", hash);
  if (!row) return tl::unexpected(row.error());
  const auto found = row->step();
  if (!found) return tl::unexpected(found.error());
  if (!*found) return std::nullopt;
  return row->text(0);
}

}  // namespace portvakt::insights
