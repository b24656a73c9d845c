#include "insights/sqlite_store.h"

#include "insights/sqlite_state.h"
#include "insights/store_schema.h"
#include "proxy/base/ascii.h"

namespace portvakt::insights {
namespace {

/// New by its sequence, which is then the producer's highest. Producers number their records in the order in
/// which a stream has them.
bool advance(std::map<std::string, std::int64_t, std::less<>>& marks, std::string_view id) {
  const auto dash = id.rfind('-');
  const auto sequence =
      dash == std::string_view::npos ? std::nullopt : ascii::parse_uint(id.substr(dash + 1));
  if (!sequence || *sequence > static_cast<std::uint64_t>(INT64_MAX)) return false;
  const auto number = static_cast<std::int64_t>(*sequence);
  const auto [mark, made] = marks.emplace(id.substr(0, dash), number);
  if (!made && mark->second >= number) return false;
  mark->second = number;
  return true;
}

}  // namespace

Result<void> SqliteStore::State::prepare() {
  struct Row {
    Statement* statement;
    std::string_view sql;
  };
  const std::array statements = {
      Row{&find_position, "SELECT position FROM positions WHERE stream = ?"},
      Row{&set_position,
          "INSERT INTO positions VALUES (?, ?) ON CONFLICT DO UPDATE SET position = excluded.position"},
      Row{&list_marks, "SELECT producer, sequence FROM marks WHERE stream = ?"},
      Row{&set_mark,
          "INSERT INTO marks VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET sequence = excluded.sequence"},
      Row{&data_version, "PRAGMA data_version"},
  };
  for (const auto& row : statements) {
    auto prepared = database->prepare(row.sql);
    if (!prepared) return tl::unexpected(prepared.error());
    *row.statement = std::move(*prepared);
  }
  numbering = std::make_unique<Numbering>(*database);
  if (auto ready = numbering->prepare(); !ready) return ready;
  return rows.prepare(*database);
}

Result<void> SqliteStore::State::look_again() {
  const auto row = data_version.with().step();
  if (!row) return tl::unexpected(row.error());
  const auto version = data_version.number(0);
  data_version.reset();
  if (version != seen_version) numbering->forget();
  seen_version = version;
  return {};
}

Result<SqliteStore::State::Marks> SqliteStore::State::marks(std::string_view stream) {
  Marks known;
  list_marks.with(stream);
  while (true) {
    const auto row = list_marks.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) break;
    known.emplace(list_marks.text(0), list_marks.number(1));
  }
  list_marks.reset();
  return known;
}

Result<bool> SqliteStore::State::add(const SourceRecord& record, BatchRows& batch,
                                     std::vector<ErasureFacts>& erasures) {
  const auto add_to = [&](const auto& facts) -> Result<bool> {
    if (!facts) return false;
    return batch.add(*facts);
  };
  switch (record.kind) {
    case logs::RecordKind::Access:
      return add_to(read_request(record));
    case logs::RecordKind::Event:
      return add_to(read_event(record));
    case logs::RecordKind::Consent:
      return add_to(read_consent(record));
    case logs::RecordKind::Erasure:
      break;
    default:
      return false;
  }
  const auto facts = read_erasure(record);
  if (facts) erasures.push_back(*facts);
  return facts.has_value();
}

Result<std::size_t> SqliteStore::State::store(const RecordBatch& batch) {
  auto known = marks(batch.stream);
  if (!known) return tl::unexpected(known.error());
  const auto before = *known;
  BatchRows collected(*numbering, rows, settings);
  std::vector<ErasureFacts> erasures;
  std::size_t taken = 0;
  for (const auto& record : batch.records) {
    if (!advance(*known, record.field("id"))) continue;
    const auto added = add(record, collected, erasures);
    if (!added) return tl::unexpected(added.error());
    taken += *added ? 1 : 0;
  }
  if (auto written = collected.write(); !written) return tl::unexpected(written.error());
  for (const auto& erasure : erasures) {
    const auto site = numbering->site(erasure.site);
    if (!site) return tl::unexpected(site.error());
    if (auto erased = erase(*database, *site, erasure); !erased) return tl::unexpected(erased.error());
  }
  if (!erasures.empty()) numbering->forget();
  for (const auto& [producer, sequence] : *known) {
    const auto old = before.find(producer);
    if (old != before.end() && old->second == sequence) continue;
    if (auto set = set_mark.with(batch.stream, producer, sequence).run(); !set)
      return tl::unexpected(set.error());
  }
  if (auto moved = set_position.with(batch.stream, batch.up_to).run(); !moved)
    return tl::unexpected(moved.error());
  return taken;
}

SqliteStore::SqliteStore(std::unique_ptr<State> state) : state_(std::move(state)) {}
SqliteStore::~SqliteStore() = default;

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(const std::filesystem::path& file,
                                                       StoreSettings settings) {
  auto database = Database::open(file);
  if (!database) return tl::unexpected(database.error());
  if (auto migrated = migrate(**database); !migrated) return tl::unexpected(migrated.error());
  auto state = std::make_unique<State>();
  state->database = std::move(*database);
  state->settings = std::move(settings);
  if (auto prepared = state->prepare(); !prepared) return tl::unexpected(prepared.error());
  return std::unique_ptr<SqliteStore>(new SqliteStore(std::move(state)));
}

Result<std::string> SqliteStore::position(std::string_view stream) {
  const auto found = state_->find_position.with(stream).step();
  if (!found) return tl::unexpected(found.error());
  std::string position = *found ? state_->find_position.text(0) : std::string();
  state_->find_position.reset();
  return position;
}

Result<std::size_t> SqliteStore::take(const RecordBatch& batch) {
  auto transaction = Transaction::begin(*state_->database);
  if (!transaction) return tl::unexpected(transaction.error());
  if (auto looked = state_->look_again(); !looked) return tl::unexpected(looked.error());
  const auto stands = position(batch.stream);
  if (!stands) return tl::unexpected(stands.error());
  if (*stands != batch.after) return 0;
  auto taken = state_->store(batch);
  if (taken) {
    if (auto done = transaction->commit(); !done) taken = tl::unexpected(done.error());
  }
  if (!taken) state_->numbering->forget();  // what this transaction made is not in the file
  return taken;
}

Result<std::vector<std::string>> SqliteStore::sites() {
  auto query = state_->database->prepare("SELECT name FROM sites ORDER BY name");
  if (!query) return tl::unexpected(query.error());
  std::vector<std::string> names;
  while (true) {
    const auto row = query->step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return names;
    names.push_back(query->text(0));
  }
}

}  // namespace portvakt::insights
