// The open file of a SqliteStore and what it remembers of it. Private to the room's store files.
#pragma once

#include <map>
#include <string>

#include "insights/batch_rows.h"
#include "insights/database.h"
#include "insights/sqlite_store.h"
#include "insights/store_numbering.h"

namespace portvakt::insights {

struct SqliteStore::State {
  std::unique_ptr<Database> database;
  StoreSettings settings;
  std::unique_ptr<Numbering> numbering;
  RowStatements rows;
  Statement find_position, set_position, list_marks, set_mark, data_version;
  std::int64_t seen_version = -1;

  Result<void> prepare();
  /// Another process may have written since: what is remembered is then forgotten.
  Result<void> look_again();

  /// By producer, for the stream of the batch.
  using Marks = std::map<std::string, std::int64_t, std::less<>>;
  Result<Marks> marks(std::string_view stream);
  /// True: new to the stream, and kept.
  Result<bool> add(const SourceRecord& record, BatchRows& rows, std::vector<ErasureFacts>& erasures);
  Result<std::size_t> store(const RecordBatch& batch);
};

/// What is stored of the subject from before that time goes, and is not taken again when it comes late.
/// Inside a transaction; the bytes are gone after scrub().
Result<void> erase(Database& database, std::int64_t site, const ErasureFacts& erasure);

/// Days of UTC have changed other than by records: prepared days that rest on them are thrown away.
Result<void> spoil(Database& database, std::int64_t site, const std::vector<Day>& days);

}  // namespace portvakt::insights
