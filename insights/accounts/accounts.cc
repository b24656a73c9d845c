#include "insights/accounts/accounts.h"

#include <algorithm>

#include "insights/accounts/account_database.h"
#include "proxy/base/ascii.h"
#include "proxy/base/crypto.h"

namespace portvakt::insights {
namespace {

constexpr unsigned kCost = 15;  // 32 MiB, a tenth of a second
constexpr std::string_view kFormat = "s15.";

/// `s15.SALT.HASH`, so that a later cost can stand beside this one.
std::string keep_password(std::string_view password) {
  const auto salt = crypto::random_bytes(16);
  std::string out(kFormat);
  return out.append(ascii::base64url(salt))
      .append(".")
      .append(ascii::base64url(crypto::scrypt(password, salt, kCost)));
}

bool matches(std::string_view kept, std::string_view password) {
  if (!kept.starts_with(kFormat)) kept = {};
  const auto rest = kept.empty() ? kept : kept.substr(kFormat.size());
  const auto dot = rest.find('.');
  // Without a password to compare with the work is done all the same: its time must not tell.
  const auto salt = ascii::parse_base64url(rest.substr(0, dot)).value_or(std::string());
  const auto hash = ascii::base64url(crypto::scrypt(password, salt, kCost));
  return dot != std::string_view::npos && crypto::equal_in_constant_time(hash, rest.substr(dot + 1));
}

std::int64_t milliseconds(WallTime time) {
  return time.time_since_epoch().count();
}

}  // namespace

bool is_account_name(std::string_view name) {
  if (name.empty() || name.size() > kLongestName) return false;
  return std::ranges::all_of(name, [](char c) {
    return ascii::is_alnum(c) || std::string_view("._@+-").find(c) != std::string_view::npos;
  });
}

Result<void> judge_password(std::string_view password) {
  if (password.size() < kLeastPassword)
    return failure(ErrorKind::Invalid, "a password has at least 12 characters");
  if (password.size() > kLongestPassword) return failure(ErrorKind::Invalid, "the password is too long");
  return {};
}

Result<void> Accounts::expect(std::string_view name) {
  const auto found = find(name);
  if (!found) return tl::unexpected(found.error());
  if (!*found) return failure(ErrorKind::Invalid, "there is no such account");
  return {};
}

Result<void> Accounts::add(std::string_view name, const std::vector<Grant>& grants) {
  if (!is_account_name(name))
    return failure(ErrorKind::Invalid, "a name has at most 64 letters, digits and . _ @ + -");
  const auto found = find(name);
  if (!found) return tl::unexpected(found.error());
  if (*found) return failure(ErrorKind::Invalid, "there is an account of that name");
  auto transaction = Transaction::begin(database_);
  if (!transaction) return tl::unexpected(transaction.error());
  if (auto made = change(database_, "INSERT INTO accounts VALUES (?, '')", name); !made) return made;
  if (auto put = put_grants(name, grants); !put) return put;
  return transaction->commit();
}

Result<void> Accounts::put_grants(std::string_view name, const std::vector<Grant>& grants) {
  if (auto gone = change(database_, "DELETE FROM grants WHERE account = ?", name); !gone) return gone;
  for (const auto& grant : grants) {
    auto put = change(database_, "INSERT OR REPLACE INTO grants VALUES (?, ?, ?)", name, grant.site,
                      static_cast<std::int64_t>(grant.role));
    if (!put) return put;
  }
  return {};
}

Result<void> Accounts::grant(std::string_view name, const std::vector<Grant>& grants) {
  if (auto known = expect(name); !known) return known;
  auto transaction = Transaction::begin(database_);
  if (!transaction) return tl::unexpected(transaction.error());
  if (auto put = put_grants(name, grants); !put) return put;
  return transaction->commit();
}

Result<void> Accounts::set_password(std::string_view name, std::string_view password) {
  if (auto judged = judge_password(password); !judged) return judged;
  if (auto known = expect(name); !known) return known;
  auto transaction = Transaction::begin(database_);
  if (!transaction) return tl::unexpected(transaction.error());
  auto set =
      change(database_, "UPDATE accounts SET password = ? WHERE name = ?", keep_password(password), name);
  if (!set) return set;
  if (auto ended = change(database_, "DELETE FROM sessions WHERE account = ?", name); !ended) return ended;
  return transaction->commit();
}

Result<bool> Accounts::check_password(std::string_view name, std::string_view password) {
  if (password.size() > kLongestPassword) return false;
  auto row = ask(database_, "SELECT password FROM accounts WHERE name = ?", name);
  if (!row) return tl::unexpected(row.error());
  const auto found = row->step();
  if (!found) return tl::unexpected(found.error());
  return matches(*found ? row->text(0) : std::string(), password);
}

Result<void> Accounts::remove(std::string_view name) {
  if (auto known = expect(name); !known) return known;
  return change(database_, "DELETE FROM accounts WHERE name = ?", name);
}

Result<std::optional<Account>> Accounts::find(std::string_view name) {
  auto all = list();
  if (!all) return tl::unexpected(all.error());
  for (auto& account : *all) {
    if (account.name == name) return std::move(account);
  }
  return std::nullopt;
}

Result<std::vector<Account>> Accounts::list() {
  auto rows = ask(database_,
                  "SELECT name, password <> '', coalesce(site, ''), coalesce(role, 0) FROM accounts "
                  "LEFT JOIN grants ON account = name ORDER BY name, site");
  if (!rows) return tl::unexpected(rows.error());
  std::vector<Account> all;
  for (auto more = rows->step();; more = rows->step()) {
    if (!more) return tl::unexpected(more.error());
    if (!*more) return all;
    if (all.empty() || all.back().name != rows->text(0))
      all.push_back({rows->text(0), {}, rows->number(1) != 0});
    if (rows->number(3) > 0) all.back().grants.push_back({rows->text(2), static_cast<Role>(rows->number(3))});
  }
}

Result<std::string> Accounts::make_welcome(std::string_view name, WallTime now) {
  if (auto known = expect(name); !known) return tl::unexpected(known.error());
  const auto token = ascii::base64url(crypto::random_bytes(32));
  auto made = change(database_, "DELETE FROM welcomes WHERE account = ?", name);
  if (made) {
    made = change(database_, "INSERT INTO welcomes VALUES (?, ?, ?)", ascii::hex(crypto::sha256(token)), name,
                  milliseconds(now + kWelcomeLife));
  }
  if (!made) return tl::unexpected(made.error());
  return token;
}

Result<std::optional<std::string>> Accounts::find_welcome(std::string_view token, WallTime now) {
  const auto key = ascii::hex(crypto::sha256(token));
  auto row =
      ask(database_, "SELECT account FROM welcomes WHERE token = ? AND ends > ?", key, milliseconds(now));
  if (!row) return tl::unexpected(row.error());
  const auto found = row->step();
  if (!found) return tl::unexpected(found.error());
  if (!*found) return std::nullopt;
  return row->text(0);
}

Result<void> Accounts::spend_welcome(std::string_view token) {
  return change(database_, "DELETE FROM welcomes WHERE token = ?", ascii::hex(crypto::sha256(token)));
}

}  // namespace portvakt::insights
