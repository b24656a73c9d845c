#include "insights/accounts/sessions.h"

#include "insights/accounts/account_database.h"
#include "proxy/base/ascii.h"
#include "proxy/base/crypto.h"

namespace portvakt::insights {
namespace {

constexpr std::chrono::minutes kSeenStep{1};  // how often the file is written to for a session in use

std::int64_t milliseconds(WallTime time) {
  return time.time_since_epoch().count();
}

std::string kept(std::string_view token) {
  return ascii::hex(crypto::sha256(token));
}

}  // namespace

Result<std::string> Sessions::begin(std::string_view account, WallTime now) {
  auto swept = change(database_, "DELETE FROM sessions WHERE seen < ? OR began < ?",
                      milliseconds(now - kSessionIdle), milliseconds(now - kSessionLife));
  if (!swept) return tl::unexpected(swept.error());
  auto token = ascii::base64url(crypto::random_bytes(32));
  const auto made = change(database_, "INSERT INTO sessions VALUES (?, ?, ?, ?)", kept(token), account,
                           milliseconds(now), milliseconds(now));
  if (!made) return tl::unexpected(made.error());
  return token;
}

Result<std::optional<std::string>> Sessions::find(std::string_view token, WallTime now) {
  const auto key = kept(token);
  std::string account;
  std::int64_t seen = 0;
  {
    auto row =
        ask(database_, "SELECT account, seen FROM sessions WHERE token = ? AND seen >= ? AND began >= ?", key,
            milliseconds(now - kSessionIdle), milliseconds(now - kSessionLife));
    if (!row) return tl::unexpected(row.error());
    const auto found = row->step();
    if (!found) return tl::unexpected(found.error());
    if (!*found) return std::nullopt;
    account = row->text(0);
    seen = row->number(1);
  }
  if (milliseconds(now - kSeenStep) > seen) {
    auto noted = change(database_, "UPDATE sessions SET seen = ? WHERE token = ?", milliseconds(now), key);
    if (!noted) return tl::unexpected(noted.error());
  }
  return account;
}

Result<void> Sessions::end(std::string_view token) {
  return change(database_, "DELETE FROM sessions WHERE token = ?", kept(token));
}

std::string form_token(std::string_view session_token) {
  return ascii::base64url(crypto::hmac_sha256(session_token, "portvakt insights form"));
}

}  // namespace portvakt::insights
