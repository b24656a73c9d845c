#include "insights/store.h"

#include <array>

#include "insights/store_schema.h"
#include "insights/store_state.h"
#include "proxy/base/ascii.h"

namespace portvakt::insights {
namespace {

/// Words beyond this are looked up in the file again.
constexpr std::size_t kMaxKnownWords = 200000;

}  // namespace

Result<void> Store::State::prepare() {
  struct Row {
    Statement* statement;
    std::string_view sql;
  };
  const std::array rows = {
      Row{&find_position, "SELECT position FROM positions WHERE stream = ?"},
      Row{&set_position,
          "INSERT INTO positions VALUES (?, ?) ON CONFLICT DO UPDATE SET position = excluded.position"},
      Row{&find_mark, "SELECT sequence FROM marks WHERE stream = ? AND producer = ?"},
      Row{&set_mark,
          "INSERT INTO marks VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET sequence = excluded.sequence"},
      Row{&find_word, "SELECT id FROM words WHERE text = ?"},
      Row{&add_word, "INSERT INTO words (text) VALUES (?) RETURNING id"},
      Row{&add_request,
          "INSERT INTO requests VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1) "
          "ON CONFLICT DO UPDATE SET amount = amount + 1"},
      Row{&add_visitor,
          "INSERT INTO visitors VALUES (?, ?, ?, 1) ON CONFLICT DO UPDATE SET views = views + 1"},
      Row{&add_held, "INSERT INTO held VALUES (?, ?, ?, ?, 1) ON CONFLICT DO UPDATE SET amount = amount + 1"},
      Row{&add_consent,
          "INSERT INTO consents VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1) "
          "ON CONFLICT DO UPDATE SET amount = amount + 1"},
      Row{&forget_visitors, "DELETE FROM visitors WHERE day < ?"},
      Row{&list_sites,
          "SELECT text FROM words WHERE id IN (SELECT site FROM requests UNION SELECT site FROM consents) "
          "ORDER BY text"},
  };
  for (const auto& row : rows) {
    auto prepared = database->prepare(row.sql);
    if (!prepared) return tl::unexpected(prepared.error());
    *row.statement = std::move(*prepared);
  }
  return {};
}

Result<std::int64_t> Store::State::known_word(std::string_view text) {
  const auto found = find_word.with(text).step();
  if (!found) return tl::unexpected(found.error());
  const auto id = *found ? find_word.number(0) : std::int64_t{-1};
  find_word.reset();
  return id;
}

Result<std::int64_t> Store::State::word(const std::string& text) {
  if (const auto known = words.find(text); known != words.end()) return known->second;
  auto id = known_word(text);
  if (id && *id < 0) {
    const auto added = add_word.with(text).step();
    if (!added) return tl::unexpected(added.error());
    id = add_word.number(0);
    add_word.reset();
  }
  if (words.size() >= kMaxKnownWords) words.clear();
  if (id) words.emplace(text, *id);
  return id;
}

Result<bool> Store::State::mark(const std::string& stream, std::string_view id) {
  const auto dash = id.rfind('-');
  const auto sequence =
      dash == std::string_view::npos ? std::nullopt : ascii::parse_uint(id.substr(dash + 1));
  if (!sequence || *sequence > static_cast<std::uint64_t>(INT64_MAX)) return false;
  const auto producer = id.substr(0, dash);
  const auto number = static_cast<std::int64_t>(*sequence);
  const auto found = find_mark.with(stream, producer).step();
  if (!found) return tl::unexpected(found.error());
  const bool known = *found && find_mark.number(0) >= number;
  find_mark.reset();
  if (known) return false;
  if (auto set = set_mark.with(stream, producer, number).run(); !set) return tl::unexpected(set.error());
  return true;
}

Result<void> Store::State::add(const RequestFacts& facts) {
  const std::array texts = {&facts.site,    &facts.path,   &facts.referrer, &facts.country,
                            &facts.browser, &facts.device, &facts.purposes};
  std::array<std::int64_t, texts.size()> ids{};
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto id = word(*texts[i]);
    if (!id) return tl::unexpected(id.error());
    ids[i] = *id;
  }
  const std::int64_t consented = facts.consented ? 1 : 0;
  auto added = add_request
                   .with(ids[0], facts.day, static_cast<std::int64_t>(facts.kind), std::int64_t{facts.status},
                         consented, ids[1], ids[2], ids[3], ids[4], ids[5], ids[6])
                   .run();
  if (added && !facts.visitor.empty()) added = add_visitor.with(ids[0], facts.day, facts.visitor).run();
  for (const auto& name : facts.held) {
    if (!added) break;
    const auto vendor = word(name);
    if (!vendor) return tl::unexpected(vendor.error());
    added = add_held.with(ids[0], facts.day, *vendor, consented).run();
  }
  return added;
}

Result<void> Store::State::add(const ConsentFacts& facts) {
  const std::array texts = {&facts.site,   &facts.choice,   &facts.purposes,
                            &facts.region, &facts.language, &facts.policy};
  std::array<std::int64_t, texts.size()> ids{};
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto id = word(*texts[i]);
    if (!id) return tl::unexpected(id.error());
    ids[i] = *id;
  }
  const std::int64_t consented = facts.consented ? 1 : 0;
  return add_consent.with(ids[0], facts.day, ids[1], consented, ids[2], ids[3], ids[4], ids[5]).run();
}

Result<bool> Store::State::add(const SourceRecord& record) {
  Result<void> added;
  if (record.kind == logs::RecordKind::Access) {
    const auto facts = read_request(record);
    if (!facts) return false;
    added = add(*facts);
  } else if (record.kind == logs::RecordKind::Consent) {
    const auto facts = read_consent(record);
    if (!facts) return false;
    added = add(*facts);
  } else {
    return false;  // a kind that no report reads
  }
  if (!added) return tl::unexpected(added.error());
  return true;
}

Store::Store(std::unique_ptr<State> state) : state_(std::move(state)) {}
Store::~Store() = default;

Result<std::unique_ptr<Store>> Store::open(const std::filesystem::path& file) {
  auto database = Database::open(file);
  if (!database) return tl::unexpected(database.error());
  if (auto migrated = migrate(**database); !migrated) return tl::unexpected(migrated.error());
  auto state = std::make_unique<State>();
  state->database = std::move(*database);
  if (auto prepared = state->prepare(); !prepared) return tl::unexpected(prepared.error());
  return std::unique_ptr<Store>(new Store(std::move(state)));
}

Result<std::string> Store::position(std::string_view stream) {
  const auto found = state_->find_position.with(stream).step();
  if (!found) return tl::unexpected(found.error());
  std::string position = *found ? state_->find_position.text(0) : std::string();
  state_->find_position.reset();
  return position;
}

Result<std::size_t> Store::take(const RecordBatch& batch) {
  auto transaction = Transaction::begin(*state_->database);
  if (!transaction) return tl::unexpected(transaction.error());
  const auto stands = position(batch.stream);
  if (!stands) return tl::unexpected(stands.error());
  if (*stands != batch.after) return 0;
  std::size_t taken = 0;
  const auto store = [&]() -> Result<void> {
    for (const auto& record : batch.records) {
      auto fresh = state_->mark(batch.stream, record.field("id"));
      if (fresh && *fresh) fresh = state_->add(record);
      if (!fresh) return tl::unexpected(fresh.error());
      taken += *fresh ? 1 : 0;
    }
    if (auto moved = state_->set_position.with(batch.stream, batch.up_to).run(); !moved) return moved;
    return transaction->commit();
  };
  if (const auto stored = store(); !stored) {
    state_->words.clear();  // those that this transaction made are not in the file
    return tl::unexpected(stored.error());
  }
  return taken;
}

Result<void> Store::forget_visitors_before(Day day) {
  return state_->forget_visitors.with(day).run();
}

}  // namespace portvakt::insights
