#include "insights/store_schema.h"

#include <array>

namespace portvakt::insights {
namespace {

// One step a version, never changed once released. The tables in which records arrive are keyed by site, day
// of UTC and arrival (store_keys.h), so that a day lies together, is read in one run and goes in one. Texts
// are numbers in `words`, visitors numbers in `subjects`.
constexpr std::array kSteps = {
    R"sql(
CREATE TABLE words (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
-- The first nine have fixed numbers (campaign.h): nothing, and the channels in their order.
INSERT INTO words VALUES (1, ''), (2, 'direct'), (3, 'search'), (4, 'social'), (5, 'mail'), (6, 'paid'),
  (7, 'campaign'), (8, 'referral'), (9, 'internal');
CREATE TABLE sites (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, frozen_before INTEGER NOT NULL DEFAULT 0);
CREATE TABLE positions (stream TEXT PRIMARY KEY, position TEXT NOT NULL) WITHOUT ROWID;
-- The highest sequence of each producer in a stream: a Redis that lost its last second and was filled again by the
-- shipper holds old records under new entry ids.
CREATE TABLE marks (stream TEXT, producer TEXT, sequence INTEGER NOT NULL, PRIMARY KEY (stream, producer)) WITHOUT ROWID;
-- Who consented, as a number. The only place that holds a subject beside `restricted`; visitor ids are nowhere.
CREATE TABLE subjects (
  site INTEGER, subject BLOB, id INTEGER NOT NULL, PRIMARY KEY (site, subject)) WITHOUT ROWID;
CREATE TABLE restricted (site INTEGER, subject BLOB, PRIMARY KEY (site, subject)) WITHOUT ROWID;
-- Erased subjects under a hash of their own, so that records that come late are known as theirs.
CREATE TABLE erased (site INTEGER, digest BLOB, before INTEGER NOT NULL, PRIMARY KEY (site, digest)) WITHOUT ROWID;
CREATE TABLE chores (name TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;
-- What consenting visitors did.
CREATE TABLE hits (
  key INTEGER PRIMARY KEY, subject INTEGER, time INTEGER, kind INTEGER, path INTEGER, referrer INTEGER,
  campaign INTEGER, country INTEGER, organisation INTEGER, browser INTEGER, version INTEGER, system INTEGER,
  device INTEGER, screen INTEGER, target INTEGER, milliseconds INTEGER);
-- All other requests, counted: alike ones of a minute are one row.
CREATE TABLE requests (
  key INTEGER PRIMARY KEY, minute INTEGER, kind INTEGER, status INTEGER, flags INTEGER, path INTEGER, referrer INTEGER,
  campaign INTEGER, country INTEGER, organisation INTEGER, browser INTEGER, version INTEGER, system INTEGER,
  device INTEGER, amount INTEGER);
CREATE TABLE held (key INTEGER PRIMARY KEY, minute INTEGER, vendor INTEGER, amount INTEGER);
CREATE TABLE consents (
  key INTEGER PRIMARY KEY, minute INTEGER, choice INTEGER, how INTEGER, purposes INTEGER, policy INTEGER,
  text INTEGER, language INTEGER, region INTEGER, page INTEGER, withdrawn INTEGER, milliseconds INTEGER);
-- Grows with every change of a day of UTC: tells whether a prepared day is still true.
CREATE TABLE versions (site INTEGER, day INTEGER, version INTEGER NOT NULL, PRIMARY KEY (site, day)) WITHOUT ROWID;
-- Days of the site's calendar, prepared (day_columns.h). A frozen one is all that is left of its day.
CREATE TABLE prepared (
  site INTEGER, day INTEGER, zone TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, version INTEGER NOT NULL,
  frozen INTEGER NOT NULL, columns BLOB NOT NULL, PRIMARY KEY (site, day));
CREATE TABLE inventory (
  site INTEGER, kind TEXT, name TEXT, vendor TEXT, purpose TEXT, example TEXT, count INTEGER, first_seen INTEGER,
  last_seen INTEGER, known INTEGER, PRIMARY KEY (site, kind, name)) WITHOUT ROWID;
CREATE TABLE goals (
  id INTEGER PRIMARY KEY AUTOINCREMENT, site TEXT NOT NULL, name TEXT NOT NULL, kind INTEGER NOT NULL, pattern TEXT NOT NULL,
  UNIQUE (site, name));
CREATE TABLE funnels (
  id INTEGER PRIMARY KEY AUTOINCREMENT, site TEXT NOT NULL, name TEXT NOT NULL, UNIQUE (site, name));
CREATE TABLE funnel_steps (
  funnel INTEGER REFERENCES funnels (id) ON DELETE CASCADE, place INTEGER, name TEXT NOT NULL, kind INTEGER NOT NULL,
  pattern TEXT NOT NULL, PRIMARY KEY (funnel, place)) WITHOUT ROWID;
CREATE TABLE annotations (
  id INTEGER PRIMARY KEY AUTOINCREMENT, site TEXT NOT NULL, kind INTEGER NOT NULL, first INTEGER NOT NULL,
  last INTEGER NOT NULL, text TEXT NOT NULL);
CREATE INDEX annotations_of_site ON annotations (site, first);
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
  return migrate(database, kSteps);
}

Result<void> migrate(Database& database, std::span<const char* const> steps) {
  auto transaction = Transaction::begin(database);
  if (!transaction) return tl::unexpected(transaction.error());
  if (auto made = database.run("CREATE TABLE IF NOT EXISTS migrations (version INTEGER PRIMARY KEY)"); !made)
    return made;
  const auto version = find_version(database);
  if (!version) return tl::unexpected(version.error());
  const auto newest = static_cast<std::int64_t>(steps.size());
  if (*version > newest)
    return failure(ErrorKind::Unsupported, "the reports store was made by a newer Portvakt");
  for (auto next = *version; next < newest; ++next) {
    if (auto done = database.run(steps[static_cast<std::size_t>(next)]); !done) return done;
    auto note = database.prepare("INSERT INTO migrations VALUES (?)");
    if (!note) return tl::unexpected(note.error());
    if (auto noted = note->with(next + 1).run(); !noted) return noted;
  }
  return transaction->commit();
}

}  // namespace portvakt::insights
