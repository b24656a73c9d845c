// The store's open file and its prepared statements. Private to the room's store files.
#pragma once

#include <string>
#include <unordered_map>

#include "insights/database.h"
#include "insights/record_facts.h"
#include "insights/store.h"

namespace portvakt::insights {

struct Store::State {
  std::unique_ptr<Database> database;
  std::unordered_map<std::string, std::int64_t> words;  // known to be in the file

  Statement find_position, set_position, find_mark, set_mark, find_word, add_word;
  Statement add_request, add_visitor, add_held, add_consent, forget_visitors, list_sites;

  Result<void> prepare();
  /// The text's number, made if need be: inside a transaction.
  Result<std::int64_t> word(const std::string& text);
  /// The text's number; -1, which no row has, when it has none.
  Result<std::int64_t> known_word(std::string_view text);

  /// True: the record is new to the stream; it is marked as known.
  Result<bool> mark(const std::string& stream, std::string_view id);
  /// False: it cannot be read.
  Result<bool> add(const SourceRecord& record);
  Result<void> add(const RequestFacts& facts);
  Result<void> add(const ConsentFacts& facts);
};

}  // namespace portvakt::insights
