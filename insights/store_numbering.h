// The numbers that stand for texts, sites and visitors in the store, and the count of arrivals of a day. What
// was looked up is remembered until forget(). Used inside a transaction; after one that failed, or when
// another process has written, forget() must be called. Private to the room's store files; the database
// outlives it.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "insights/database.h"
#include "insights/day.h"

namespace portvakt::insights {

/// The tables in which records arrive.
enum class Arrivals : std::uint8_t { Hits, Requests, Held, Consents };
inline constexpr std::array kArrivalTables = {"hits", "requests", "held", "consents"};

class Numbering {
 public:
  explicit Numbering(Database& database) : database_(database) {}
  Result<void> prepare();
  void forget();

  Result<std::int64_t> word(std::string_view text);
  Result<std::int64_t> site(std::string_view name);
  /// -1: there is none yet.
  Result<std::int64_t> known_site(std::string_view name);
  /// Empty: what the subject did at that time was erased.
  Result<std::optional<std::int64_t>> subject(std::int64_t site, std::string_view subject, std::int64_t time);
  /// The key of the next row of that day.
  Result<std::int64_t> arrival(Arrivals table, std::int64_t site, Day day);

  /// Days before this one are frozen: nothing is added to them.
  Result<Day> frozen_before(std::int64_t site);

 private:
  struct Text {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  template <typename Value>
  using ByText = std::unordered_map<std::string, Value, Text, std::equal_to<>>;
  struct Subject {
    std::int64_t id = 0;
    std::int64_t erased_before = 0;
  };
  Result<std::int64_t> find_or_add(Statement& find, Statement& add, std::string_view text);
  Result<Subject> load_subject(std::int64_t site, std::string_view subject);
  Result<std::int64_t> next_subject();

  Database& database_;
  ByText<std::int64_t> words_, sites_;
  ByText<Subject> subjects_;  // by site number and subject
  std::unordered_map<std::int64_t, std::int64_t> arrivals_[kArrivalTables.size()];  // by first key of the day
  std::unordered_map<std::int64_t, Day> frozen_;
  std::optional<bool> any_erased_;
  std::optional<std::int64_t> last_subject_;
  std::string scratch_;
  Statement find_word_, add_word_, find_site_, add_site_, find_subject_, add_subject_, find_erased_,
      count_erased_, find_frozen_, find_last_subject_, set_last_subject_;
  std::array<Statement, kArrivalTables.size()> last_arrival_;
};

/// Under what an erased subject is remembered: one way from it.
std::string erased_digest(std::string_view subject);
/// The sixteen bytes of a subject's text; as it is when it is none.
std::string subject_bytes(std::string_view subject);

/// Numbers for visitors whom nobody can recognise any more, in one run: the first of them.
Result<std::int64_t> take_subject_numbers(Database& database, std::int64_t count);

}  // namespace portvakt::insights
