#include "insights/accounts/shares.h"

#include <algorithm>

#include "insights/accounts/account_database.h"
#include "proxy/base/ascii.h"
#include "proxy/base/crypto.h"

namespace portvakt::insights {
namespace {

std::int64_t milliseconds(WallTime time) {
  return time.time_since_epoch().count();
}
WallTime wall_time(std::int64_t number) {
  return WallTime(std::chrono::milliseconds(number));
}

/// Over everything that the link grants, each part with its length: nothing can be moved from one to the
/// other.
std::string signature(std::string_view key, const Share& share) {
  std::string text;
  for (const std::string_view part : {std::string_view(share.id), std::string_view(share.site),
                                      std::string_view(share.state), std::string_view(share.made_by)}) {
    text.append(std::to_string(part.size())).append(":").append(part);
  }
  text += std::to_string(milliseconds(share.ends));
  return ascii::base64url(crypto::hmac_sha256(key, text));
}

Share read_share(const Statement& row) {
  return {
      row.text(0), row.text(1), row.text(2), row.text(3), wall_time(row.number(4)), wall_time(row.number(5))};
}

}  // namespace

Result<std::string> Shares::signing_key() {
  const auto fresh = ascii::base64url(crypto::random_bytes(32));
  if (auto made = change(database_, "INSERT OR IGNORE INTO keys VALUES ('shares', ?)", fresh); !made)
    return tl::unexpected(made.error());
  auto row = ask(database_, "SELECT key FROM keys WHERE name = 'shares'");
  if (!row) return tl::unexpected(row.error());
  if (auto found = row->step(); !found) return tl::unexpected(found.error());
  return row->text(0);
}

Result<std::string> Shares::token_of(const Share& share) {
  const auto key = signing_key();
  if (!key) return key;
  return share.id + "." + signature(*key, share);
}

Result<std::string> Shares::make(std::string_view site, std::string_view state, std::string_view made_by,
                                 std::chrono::hours life, WallTime now) {
  if (state.size() > kLongestState)
    return failure(ErrorKind::Invalid, "the address is too long to be shared");
  const auto running = list(now);
  if (!running) return tl::unexpected(running.error());
  if (running->size() >= kMaxShares) return failure(ErrorKind::Invalid, "too many links run; revoke some");
  auto swept = change(database_, "DELETE FROM shares WHERE ends <= ?", milliseconds(now));
  if (!swept) return tl::unexpected(swept.error());
  const auto ends = now + std::clamp(life, std::chrono::hours{1}, kLongestShare);
  const Share share{ascii::base64url(crypto::random_bytes(12)),
                    std::string(site),
                    std::string(state),
                    std::string(made_by),
                    now,
                    ends};
  const auto put = change(database_, "INSERT INTO shares VALUES (?, ?, ?, ?, ?, ?)", share.id, share.site,
                          share.state, share.made_by, milliseconds(share.made), milliseconds(share.ends));
  if (!put) return tl::unexpected(put.error());
  return token_of(share);
}

Result<std::optional<Share>> Shares::find(std::string_view token, WallTime now) {
  const auto id = token.substr(0, token.find('.'));
  Share share;
  {
    auto row =
        ask(database_, "SELECT id, site, state, made_by, made, ends FROM shares WHERE id = ? AND ends > ?",
            id, milliseconds(now));
    if (!row) return tl::unexpected(row.error());
    const auto found = row->step();
    if (!found) return tl::unexpected(found.error());
    if (!*found) return std::nullopt;
    share = read_share(*row);
  }
  const auto expected = token_of(share);
  if (!expected) return tl::unexpected(expected.error());
  if (!crypto::equal_in_constant_time(*expected, token)) return std::nullopt;
  return share;
}

Result<void> Shares::revoke(std::string_view id) {
  return change(database_, "DELETE FROM shares WHERE id = ?", id);
}

Result<std::vector<Share>> Shares::list(WallTime now) {
  auto rows =
      ask(database_,
          "SELECT id, site, state, made_by, made, ends FROM shares WHERE ends > ? ORDER BY made DESC, id",
          milliseconds(now));
  if (!rows) return tl::unexpected(rows.error());
  std::vector<Share> all;
  for (auto more = rows->step();; more = rows->step()) {
    if (!more) return tl::unexpected(more.error());
    if (!*more) return all;
    all.push_back(read_share(*rows));
  }
}

}  // namespace portvakt::insights
