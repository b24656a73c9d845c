#include "insights/store_numbering.h"

#include "insights/store_keys.h"
#include "proxy/base/ascii.h"
#include "proxy/base/crypto.h"

namespace portvakt::insights {
namespace {

/// What is remembered beyond these is looked up in the file again.
constexpr std::size_t kMaxKnownWords = 200000;
constexpr std::size_t kMaxKnownSubjects = 200000;
constexpr std::size_t kMaxKnownDays = 4096;

constexpr std::string_view kFindLastSubject = "SELECT number FROM chores WHERE name = 'last subject'";
constexpr std::string_view kSetLastSubject =
    "INSERT INTO chores VALUES ('last subject', ?) ON CONFLICT DO UPDATE SET number = excluded.number";

/// The first column of the only row; `absent` without one.
Result<std::int64_t> find_number(Statement& query, std::int64_t absent) {
  const auto found = query.step();
  if (!found) return tl::unexpected(found.error());
  const auto number = *found ? query.number(0) : absent;
  query.reset();
  return number;
}

}  // namespace

std::string erased_digest(std::string_view subject) {
  return crypto::sha256("portvakt erased subject" + std::string(1, '\0') + subject_bytes(subject))
      .substr(0, 16);
}

std::string subject_bytes(std::string_view subject) {
  auto bytes = ascii::parse_base64url(subject);
  return bytes ? std::move(*bytes) : std::string(subject);
}

Result<std::int64_t> take_subject_numbers(Database& database, std::int64_t count) {
  auto find = database.prepare(kFindLastSubject);
  auto set = database.prepare(kSetLastSubject);
  if (!find) return tl::unexpected(find.error());
  if (!set) return tl::unexpected(set.error());
  const auto last = find_number(*find, 0);
  if (!last) return last;
  if (auto kept = set->with(*last + count).run(); !kept) return tl::unexpected(kept.error());
  return *last + 1;
}

Result<void> Numbering::prepare() {
  struct Row {
    Statement* statement;
    std::string sql;
  };
  std::vector<Row> rows = {
      {&find_word_, "SELECT id FROM words WHERE text = ?"},
      {&add_word_, "INSERT INTO words (text) VALUES (?) RETURNING id"},
      {&find_site_, "SELECT id FROM sites WHERE name = ?"},
      {&add_site_, "INSERT INTO sites (name) VALUES (?) RETURNING id"},
      {&find_subject_, "SELECT id FROM subjects WHERE site = ? AND subject = CAST(? AS BLOB)"},
      {&add_subject_, "INSERT INTO subjects VALUES (?, CAST(? AS BLOB), ?)"},
      {&find_erased_, "SELECT before FROM erased WHERE site = ? AND digest = CAST(? AS BLOB)"},
      {&count_erased_, "SELECT EXISTS (SELECT 1 FROM erased)"},
      {&find_frozen_, "SELECT frozen_before FROM sites WHERE id = ?"},
      {&find_last_subject_, std::string(kFindLastSubject)},
      {&set_last_subject_, std::string(kSetLastSubject)},
  };
  for (std::size_t i = 0; i < kArrivalTables.size(); ++i) {
    rows.push_back({&last_arrival_[i], std::string("SELECT coalesce(max(key), -1) FROM ") +
                                           kArrivalTables[i] + " WHERE key >= ? AND key < ?"});
  }
  for (const auto& row : rows) {
    auto prepared = database_.prepare(row.sql);
    if (!prepared) return tl::unexpected(prepared.error());
    *row.statement = std::move(*prepared);
  }
  return {};
}

void Numbering::forget() {
  words_.clear();
  sites_.clear();
  subjects_.clear();
  frozen_.clear();
  for (auto& known : arrivals_) known.clear();
  any_erased_.reset();
  last_subject_.reset();
}

Result<std::int64_t> Numbering::find_or_add(Statement& find, Statement& add, std::string_view text) {
  auto id = find_number(find.with(text), -1);
  if (!id || *id >= 0) return id;
  return find_number(add.with(text), -1);
}

Result<std::int64_t> Numbering::word(std::string_view text) {
  if (const auto known = words_.find(text); known != words_.end()) return known->second;
  const auto id = find_or_add(find_word_, add_word_, text);
  if (!id) return id;
  if (words_.size() >= kMaxKnownWords) words_.clear();
  words_.emplace(text, *id);
  return id;
}

Result<std::int64_t> Numbering::site(std::string_view name) {
  if (const auto known = sites_.find(name); known != sites_.end()) return known->second;
  const auto id = find_or_add(find_site_, add_site_, name);
  if (id) sites_.emplace(name, *id);
  return id;
}

Result<std::int64_t> Numbering::known_site(std::string_view name) {
  return find_number(find_site_.with(name), -1);
}

Result<Day> Numbering::frozen_before(std::int64_t site) {
  if (const auto known = frozen_.find(site); known != frozen_.end()) return known->second;
  const auto day = find_number(find_frozen_.with(site), 0);
  if (day) frozen_.emplace(site, *day);
  return day;
}

Result<Numbering::Subject> Numbering::load_subject(std::int64_t site, std::string_view subject) {
  Subject loaded;
  if (!any_erased_) {
    const auto any = find_number(count_erased_.with(), 0);
    if (!any) return tl::unexpected(any.error());
    any_erased_ = *any != 0;
  }
  if (*any_erased_) {
    const auto digest = erased_digest(subject);
    const auto before = find_number(find_erased_.with(site, digest), 0);
    if (!before) return tl::unexpected(before.error());
    loaded.erased_before = *before;
  }
  const auto bytes = subject_bytes(subject);
  const auto id = find_number(find_subject_.with(site, bytes), 0);
  if (!id) return tl::unexpected(id.error());
  loaded.id = *id;
  return loaded;
}

Result<std::int64_t> Numbering::next_subject() {
  if (!last_subject_) {
    const auto last = find_number(find_last_subject_.with(), 0);
    if (!last) return last;
    last_subject_ = *last;
  }
  if (auto kept = set_last_subject_.with(++*last_subject_).run(); !kept) return tl::unexpected(kept.error());
  return *last_subject_;
}

Result<std::optional<std::int64_t>> Numbering::subject(std::int64_t site, std::string_view subject,
                                                       std::int64_t time) {
  scratch_.assign(std::to_string(site)).append("/").append(subject);
  auto known = subjects_.find(scratch_);
  if (known == subjects_.end()) {
    const auto loaded = load_subject(site, subject);
    if (!loaded) return tl::unexpected(loaded.error());
    if (subjects_.size() >= kMaxKnownSubjects) subjects_.clear();
    known = subjects_.emplace(scratch_, *loaded).first;
  }
  auto& found = known->second;
  if (time < found.erased_before) return std::nullopt;
  if (found.id == 0) {
    const auto id = next_subject();
    if (!id) return tl::unexpected(id.error());
    const auto bytes = subject_bytes(subject);
    if (auto added = add_subject_.with(site, bytes, *id).run(); !added) return tl::unexpected(added.error());
    found.id = *id;
  }
  return found.id;
}

Result<std::int64_t> Numbering::arrival(Arrivals table, std::int64_t site, Day day) {
  auto& known = arrivals_[static_cast<std::size_t>(table)];
  const auto first = day_key(site, day);
  auto found = known.find(first);
  if (found == known.end()) {
    auto& query = last_arrival_[static_cast<std::size_t>(table)];
    const auto last = find_number(query.with(first, day_key(site, day + 1)), -1);
    if (!last) return last;
    if (known.size() >= kMaxKnownDays) known.clear();
    found = known.emplace(first, *last < 0 ? first : *last + 1).first;
  }
  return found->second++;
}

}  // namespace portvakt::insights
