// What the store does beside taking records: forgets, hides, prepares.
#include <algorithm>
#include <set>

#include "insights/day_builder.h"
#include "insights/sqlite_state.h"
#include "insights/store_keys.h"

namespace portvakt::insights {
namespace {

/// Days prepared in one call of settle(): a few seconds at most.
constexpr std::size_t kDaysAtOnce = 16;
constexpr std::string_view kScrub = "scrub";

template <typename... Values>
Result<void> run(Database& database, std::string_view sql, const Values&... values) {
  auto statement = database.prepare(sql);
  if (!statement) return tl::unexpected(statement.error());
  return statement->with(values...).run();
}

template <typename... Values>
Result<std::vector<std::int64_t>> numbers(Database& database, std::string_view sql, const Values&... values) {
  auto query = database.prepare(sql);
  if (!query) return tl::unexpected(query.error());
  query->with(values...);
  std::vector<std::int64_t> found;
  while (true) {
    const auto row = query->step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return found;
    found.push_back(query->number(0));
  }
}

/// Writes the table anew and drops the old one, whose pages are then overwritten as a whole: a page that was
/// split or merged may hold old bytes between its rows, which deleting a row does not reach.
Result<void> rewrite_subjects(Database& database) {
  return database.run(R"sql(
CREATE TABLE fresh (site INTEGER, subject BLOB, id INTEGER NOT NULL, PRIMARY KEY (site, subject)) WITHOUT ROWID;
INSERT INTO fresh SELECT * FROM subjects;
DROP TABLE subjects;
ALTER TABLE fresh RENAME TO subjects;
CREATE TABLE fresh (site INTEGER, subject BLOB, PRIMARY KEY (site, subject)) WITHOUT ROWID;
INSERT INTO fresh SELECT * FROM restricted;
DROP TABLE restricted;
ALTER TABLE fresh RENAME TO restricted;
INSERT INTO chores VALUES ('scrub', 1) ON CONFLICT DO UPDATE SET number = 1;
)sql");
}

Result<void> erase_hits(Database& database, std::int64_t site, std::int64_t subject, std::int64_t before) {
  const auto first = day_key(site, 0), end = day_key(site + 1, 0);
  const auto keys =
      numbers(database, "SELECT key FROM hits WHERE key >= ? AND key < ? AND subject = ? AND time < ?", first,
              end, subject, before);
  if (!keys) return tl::unexpected(keys.error());
  std::set<Day> days;
  for (const auto key : *keys) {
    days.insert(day_of_key(key));
    if (auto gone = run(database, "DELETE FROM hits WHERE key = ?", key); !gone) return gone;
  }
  return spoil(database, site, {days.begin(), days.end()});
}

}  // namespace

Result<void> spoil(Database& database, std::int64_t site, const std::vector<Day>& days) {
  for (const auto day : days) {
    auto done =
        run(database, "INSERT INTO versions VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET version = version + 1",
            site, day);
    if (done) {
      done = run(database, "DELETE FROM prepared WHERE site = ? AND NOT frozen AND first <= ? AND last >= ?",
                 site, day, day);
    }
    if (!done) return done;
  }
  return {};
}

Result<void> erase(Database& database, std::int64_t site, const ErasureFacts& erasure) {
  const auto digest = erased_digest(erasure.subject);
  const auto bytes = subject_bytes(erasure.subject);
  auto done = run(database,
                  "INSERT INTO erased VALUES (?, CAST(? AS BLOB), ?) ON CONFLICT DO UPDATE SET before = "
                  "max(before, excluded.before)",
                  site, digest, erasure.before);
  if (!done) return done;
  const auto known =
      numbers(database, "SELECT id FROM subjects WHERE site = ? AND subject = CAST(? AS BLOB)", site, bytes);
  if (!known) return tl::unexpected(known.error());
  for (const auto id : *known) {
    if (done = erase_hits(database, site, id, erasure.before); !done) return done;
    const auto left =
        numbers(database, "SELECT 1 FROM hits WHERE key >= ? AND key < ? AND subject = ? LIMIT 1",
                day_key(site, 0), day_key(site + 1, 0), id);
    if (!left) return tl::unexpected(left.error());
    if (!left->empty()) return {};
  }
  done = run(database, "DELETE FROM subjects WHERE site = ? AND subject = CAST(? AS BLOB)", site, bytes);
  if (done)
    done = run(database, "DELETE FROM restricted WHERE site = ? AND subject = CAST(? AS BLOB)", site, bytes);
  return done ? rewrite_subjects(database) : done;
}

Result<void> SqliteStore::scrub() {
  auto& database = *state_->database;
  const auto wanted = numbers(database, "SELECT number FROM chores WHERE name = ?", kScrub);
  if (!wanted) return tl::unexpected(wanted.error());
  if (wanted->empty()) return {};
  // The log beside the file still holds pages as they were; cut to nothing once all of it is in the file.
  const auto busy = numbers(database, "PRAGMA wal_checkpoint(TRUNCATE)");
  if (!busy) return tl::unexpected(busy.error());
  if (busy->empty() || busy->front() != 0)
    return failure(ErrorKind::TimedOut, "reports store: a reader holds on to what is to be overwritten");
  if (auto done = run(database, "DELETE FROM chores WHERE name = ?", kScrub); !done) return done;
  return {};
}

Result<void> SqliteStore::restrict(std::string_view site, const std::vector<std::string>& subjects) {
  auto& database = *state_->database;
  auto transaction = Transaction::begin(database);
  if (!transaction) return tl::unexpected(transaction.error());
  if (auto looked = state_->look_again(); !looked) return looked;
  const auto id = state_->numbering->site(site);
  if (!id) return tl::unexpected(id.error());
  std::set<std::string> wanted, changed;
  for (const auto& subject : subjects) wanted.insert(subject_bytes(subject));
  auto query = database.prepare("SELECT subject FROM restricted WHERE site = ?");
  if (!query) return tl::unexpected(query.error());
  std::set<std::string> known;
  query->with(*id);
  while (true) {
    const auto row = query->step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) break;
    known.emplace(query->bytes(0));
  }
  std::ranges::set_symmetric_difference(wanted, known, std::inserter(changed, changed.end()));
  if (changed.empty()) return {};
  if (auto done = run(database, "DELETE FROM restricted WHERE site = ?", *id); !done) return done;
  for (const auto& subject : wanted) {
    auto done = run(database, "INSERT INTO restricted VALUES (?, CAST(? AS BLOB))", *id, subject);
    if (!done) return done;
  }
  std::set<Day> days;
  for (const auto& subject : changed) {
    const auto of =
        numbers(database,
                "SELECT DISTINCT (key >> 28) & 131071 FROM hits WHERE key >= ? AND key < ? AND subject = "
                "(SELECT id FROM subjects WHERE site = ? AND subject = CAST(? AS BLOB))",
                day_key(*id, 0), day_key(*id + 1, 0), *id, subject);
    if (!of) return tl::unexpected(of.error());
    days.insert(of->begin(), of->end());
  }
  if (auto done = spoil(database, *id, {days.begin(), days.end()}); !done) return done;
  return transaction->commit();
}

Result<void> SqliteStore::store_inventory(std::string_view site, const std::vector<InventoryItem>& items) {
  auto& database = *state_->database;
  auto transaction = Transaction::begin(database);
  if (!transaction) return tl::unexpected(transaction.error());
  if (auto looked = state_->look_again(); !looked) return looked;
  const auto id = state_->numbering->site(site);
  if (!id) return tl::unexpected(id.error());
  if (auto done = run(database, "DELETE FROM inventory WHERE site = ?", *id); !done) return done;
  auto add = database.prepare("INSERT OR REPLACE INTO inventory VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  if (!add) return tl::unexpected(add.error());
  for (const auto& item : items) {
    auto done = add->with(*id, item.kind, item.name, item.vendor, item.purpose, item.example, item.count,
                          item.first_seen, item.last_seen, std::int64_t{item.known})
                    .run();
    if (!done) return done;
  }
  return transaction->commit();
}

namespace {

Result<void> keep_prepared(Database& database, std::int64_t site, Day day, std::string_view zone,
                           const PreparedDay& prepared, bool frozen) {
  const auto bytes = encode_columns(prepared.columns);
  return run(database, "INSERT OR REPLACE INTO prepared VALUES (?, ?, ?, ?, ?, ?, ?, CAST(? AS BLOB))", site,
             day, zone, prepared.first, prepared.last, prepared.version, std::int64_t{frozen}, bytes);
}

/// Puts numbers that belong to nobody in the place of visitors'.
Result<void> anonymise(Database& database, DayColumns& day) {
  const auto first = take_subject_numbers(database, static_cast<std::int64_t>(day.visits.size()));
  if (!first) return tl::unexpected(first.error());
  std::uint32_t next = static_cast<std::uint32_t>(*first) - 1, last = 0;
  // Visits of one visitor stand together.
  for (auto& subject : day.visits.subject) {
    if (subject != last) ++next;
    last = subject;
    subject = next;
  }
  return {};
}

}  // namespace

Result<bool> SqliteStore::settle() {
  auto& database = *state_->database;
  bool any = false;
  const auto names = sites();
  if (!names) return tl::unexpected(names.error());
  for (const auto& name : *names) {
    const auto& zone = state_->settings.zone(name);
    // Days of the calendar that touch a day of UTC which changed after they were prepared, or never were.
    const auto days =
        numbers(database,
                "WITH s AS (SELECT id FROM sites WHERE name = ?1) SELECT DISTINCT day + step FROM versions, "
                "(SELECT -1 AS step "
                "UNION SELECT 0 UNION SELECT 1) WHERE site = (SELECT id FROM s) AND day + step < (SELECT "
                "max(day) FROM versions "
                "WHERE site = (SELECT id FROM s)) AND NOT EXISTS (SELECT 1 FROM prepared AS p WHERE p.site = "
                "versions.site AND "
                "p.day = versions.day + step AND (frozen OR (zone = ?2 AND p.version = (SELECT "
                "coalesce(sum(version), 0) "
                "FROM versions AS v "
                "WHERE v.site = p.site AND v.day BETWEEN p.first AND p.last)))) ORDER BY 1 LIMIT ?3",
                name, zone.name(), static_cast<std::int64_t>(kDaysAtOnce));
    if (!days) return tl::unexpected(days.error());
    if (days->empty()) continue;
    auto transaction = Transaction::begin(database);
    if (!transaction) return tl::unexpected(transaction.error());
    if (auto looked = state_->look_again(); !looked) return tl::unexpected(looked.error());
    const auto site = state_->numbering->site(name);
    if (!site) return tl::unexpected(site.error());
    WordTable words(database);
    if (auto read = words.refresh(); !read) return tl::unexpected(read.error());
    for (const auto day : *days) {
      const auto prepared = DayBuilder(database, words).build(*site, day, zone);
      if (!prepared) return tl::unexpected(prepared.error());
      auto kept = keep_prepared(database, *site, day, zone.name(), *prepared, false);
      if (!kept) return tl::unexpected(kept.error());
    }
    if (auto done = transaction->commit(); !done) return tl::unexpected(done.error());
    any = true;
  }
  return any;
}

Result<void> SqliteStore::retain(std::string_view name, const Retention& retention) {
  auto& database = *state_->database;
  auto transaction = Transaction::begin(database);
  if (!transaction) return tl::unexpected(transaction.error());
  if (auto looked = state_->look_again(); !looked) return looked;
  const auto site = state_->numbering->known_site(name);
  if (!site) return tl::unexpected(site.error());
  if (*site < 0) return {};
  const auto& zone = state_->settings.zone(name);
  const auto frozen = state_->numbering->frozen_before(*site);
  if (!frozen) return tl::unexpected(frozen.error());
  WordTable words(database);
  if (auto read = words.refresh(); !read) return read;
  const auto oldest = numbers(database, "SELECT coalesce(min(day), 0) FROM versions WHERE site = ?", *site);
  if (!oldest) return tl::unexpected(oldest.error());
  const auto first = std::max({*frozen, oldest->front() - 1, retention.counts});
  for (Day day = first; oldest->front() > 0 && day < retention.visits; ++day) {
    auto prepared = DayBuilder(database, words).build(*site, day, zone);
    if (!prepared) return tl::unexpected(prepared.error());
    if (auto nobody = anonymise(database, prepared->columns); !nobody) return nobody;
    if (auto kept = keep_prepared(database, *site, day, zone.name(), *prepared, true); !kept) return kept;
  }
  if (retention.visits <= *frozen && retention.counts <= *frozen) {
    const auto due = numbers(database, "SELECT 1 FROM prepared WHERE site = ? AND day < ? LIMIT 1", *site,
                             retention.counts);
    if (!due || due->empty()) return due ? Result<void>() : tl::unexpected(due.error());
  }
  // The half hour before the first day that is kept tells which of its page views go on with an earlier
  // visit.
  const auto begins = std::max<std::int64_t>(
      zone.begin(std::max(retention.visits, retention.counts)).time_since_epoch().count(), kVisitGap);
  const auto kept_from = utc_day(begins - kVisitGap);
  const auto from = day_key(*site, 0), end = day_key(*site, utc_day(begins) + 1);
  for (std::size_t table = 0; table < kArrivalTables.size(); ++table) {
    const bool hits = table == static_cast<std::size_t>(Arrivals::Hits);
    auto gone = run(database,
                    std::string("DELETE FROM ") + kArrivalTables[table] + " WHERE key >= ? AND key < ? AND " +
                        (hits ? "time < ?" : "minute < ?"),
                    from, end, hits ? begins - kVisitGap : begins / kMinuteMillis);
    if (!gone) return gone;
  }
  auto done = run(database, "DELETE FROM versions WHERE site = ? AND day < ?", *site, kept_from);
  if (done) done = run(database, "DELETE FROM prepared WHERE site = ? AND day < ?", *site, retention.counts);
  if (done)
    done = run(database, "UPDATE sites SET frozen_before = max(frozen_before, ?, ?) WHERE id = ?",
               retention.visits, retention.counts, *site);
  if (done)
    done = run(database,
               "DELETE FROM subjects WHERE site = ?1 AND id NOT IN (SELECT subject FROM hits WHERE key >= ?2 "
               "AND key < "
               "?3) AND NOT EXISTS (SELECT 1 FROM restricted AS r WHERE r.site = ?1 AND r.subject = "
               "subjects.subject)",
               *site, day_key(*site, 0), day_key(*site + 1, 0));
  if (done)
    done = run(database, "DELETE FROM erased WHERE site = ? AND before < ?", *site,
               zone.begin(retention.visits).time_since_epoch().count());
  if (done) done = rewrite_subjects(database);
  if (!done) return done;
  state_->numbering->forget();
  return transaction->commit();
}

}  // namespace portvakt::insights
