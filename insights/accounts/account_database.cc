#include "insights/accounts/account_database.h"

namespace portvakt::insights {
namespace {

// Tokens are held as SHA-256 only, passwords as scrypt: whoever reads the file can sign in with none of it.
constexpr const char* kTables = R"sql(
CREATE TABLE IF NOT EXISTS accounts (name TEXT PRIMARY KEY, password TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS grants (
  account TEXT REFERENCES accounts ON DELETE CASCADE, site TEXT, role INTEGER NOT NULL,
  PRIMARY KEY (account, site)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sessions (
  token TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES accounts ON DELETE CASCADE,
  began INTEGER NOT NULL, seen INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS welcomes (
  token TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES accounts ON DELETE CASCADE,
  ends INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS shares (
  id TEXT PRIMARY KEY, site TEXT NOT NULL, state TEXT NOT NULL, made_by TEXT NOT NULL,
  made INTEGER NOT NULL, ends INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS api_keys (
  account TEXT PRIMARY KEY REFERENCES accounts ON DELETE CASCADE, key TEXT NOT NULL UNIQUE) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS proposals (
  site TEXT, kind TEXT, name TEXT, purpose TEXT NOT NULL, PRIMARY KEY (site, kind, name)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS keys (name TEXT PRIMARY KEY, key TEXT NOT NULL) WITHOUT ROWID;
)sql";

}  // namespace

Result<std::unique_ptr<Database>> open_account_database(const std::filesystem::path& file) {
  auto database = Database::open(file);
  if (!database) return database;
  if (auto made = (*database)->run(kTables); !made) return tl::unexpected(made.error());
  return database;
}

}  // namespace portvakt::insights
