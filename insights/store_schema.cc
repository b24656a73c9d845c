#include "insights/store_schema.h"

#include <array>

namespace portvakt::insights {
namespace {

// One step a version, never changed once released. A row of `requests` and `consents` stands for all records
// that are alike, so that the file grows with what is different and not with what happened; texts are numbers
// in `words`.
constexpr std::array kSteps = {
    R"sql(
CREATE TABLE words (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE positions (stream TEXT PRIMARY KEY, position TEXT NOT NULL) WITHOUT ROWID;
-- The highest sequence of each producer in a stream: a Redis that lost its last second and was filled again by the
-- shipper holds old records under new entry ids.
CREATE TABLE marks (stream TEXT, producer TEXT, sequence INTEGER NOT NULL, PRIMARY KEY (stream, producer)) WITHOUT ROWID;
CREATE TABLE requests (
  site INTEGER, day INTEGER, kind INTEGER, status INTEGER, consented INTEGER, path INTEGER, referrer INTEGER,
  country INTEGER, browser INTEGER, device INTEGER, purposes INTEGER, amount INTEGER NOT NULL,
  PRIMARY KEY (site, day, kind, status, consented, path, referrer, country, browser, device, purposes)) WITHOUT ROWID;
CREATE TABLE visitors (
  site INTEGER, day INTEGER, visitor TEXT, views INTEGER NOT NULL, PRIMARY KEY (site, day, visitor)) WITHOUT ROWID;
CREATE TABLE held (
  site INTEGER, day INTEGER, vendor INTEGER, consented INTEGER, amount INTEGER NOT NULL,
  PRIMARY KEY (site, day, vendor, consented)) WITHOUT ROWID;
CREATE TABLE consents (
  site INTEGER, day INTEGER, choice INTEGER, consented INTEGER, purposes INTEGER, region INTEGER, language INTEGER,
  policy INTEGER, amount INTEGER NOT NULL,
  PRIMARY KEY (site, day, choice, consented, purposes, region, language, policy)) WITHOUT ROWID;
)sql",
};

Result<std::int64_t> find_version(Database& database) {
  auto query = database.prepare("SELECT coalesce(max(version), 0) FROM migrations");
  if (!query) return tl::unexpected(query.error());
  const auto row = query->step();
  if (!row) return tl::unexpected(row.error());
  return query->number(0);
}

}  // namespace

Result<void> migrate(Database& database) {
  auto transaction = Transaction::begin(database);
  if (!transaction) return tl::unexpected(transaction.error());
  if (auto made = database.run("CREATE TABLE IF NOT EXISTS migrations (version INTEGER PRIMARY KEY)"); !made)
    return made;
  const auto version = find_version(database);
  if (!version) return tl::unexpected(version.error());
  const auto newest = static_cast<std::int64_t>(kSteps.size());
  if (*version > newest)
    return failure(ErrorKind::Unsupported, "the reports store was made by a newer Portvakt");
  for (auto next = *version; next < newest; ++next) {
    if (auto done = database.run(kSteps[static_cast<std::size_t>(next)]); !done) return done;
    auto note = database.prepare("INSERT INTO migrations VALUES (?)");
    if (!note) return tl::unexpected(note.error());
    if (auto noted = note->with(next + 1).run(); !noted) return noted;
  }
  return transaction->commit();
}

}  // namespace portvakt::insights
