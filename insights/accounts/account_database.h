// The file of those who may read the reports: accounts, their sessions, links that were given away. Apart
// from the records' store, so that losing or copying one is not losing the other. Several processes may have
// it open (the server and `portvakt insights user`); one thread uses a connection at a time.
#pragma once

#include <filesystem>
#include <memory>
#include <string_view>

#include "insights/database.h"

namespace portvakt::insights {

/// Opens the file, or makes it for its owner alone, and brings its tables up to date.
Result<std::unique_ptr<Database>> open_account_database(const std::filesystem::path& file);

/// A statement with its values, ready for step(). Texts must live until the last step.
template <typename... Values>
Result<Statement> ask(Database& database, std::string_view sql, const Values&... values) {
  auto statement = database.prepare(sql);
  if (statement) statement->with(values...);
  return statement;
}

/// A statement that gives no rows.
template <typename... Values>
Result<void> change(Database& database, std::string_view sql, const Values&... values) {
  auto statement = database.prepare(sql);
  if (!statement) return tl::unexpected(statement.error());
  return statement->with(values...).run();
}

}  // namespace portvakt::insights
