// SQLite behind a door of ours: a connection, and statements that are prepared once. Private to the room's
// store files. Faults are Errors with SQLite's own text, which names tables and files, never a value. One
// thread at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "proxy/base/result.h"

namespace portvakt::insights {

class Statement;

class Database {
 public:
  /// Creates the file, for its owner alone, if there is none.
  static Result<std::unique_ptr<Database>> open(const std::filesystem::path& file);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// Statements without values and without answers, separated by semicolons.
  Result<void> run(const char* sql);
  Result<Statement> prepare(std::string_view sql);
  /// Rows that the last statement changed.
  std::int64_t changes() const;

 private:
  friend class Statement;
  Database() = default;
  tl::unexpected<Error> fault() const;

  void* handle_ = nullptr;
};

/// Values are bound in the order of the question marks. Reset before each use, so that none is left
/// half-read.
class Statement {
 public:
  Statement() = default;
  Statement(Statement&& other) noexcept
      : database_(other.database_), handle_(std::exchange(other.handle_, nullptr)) {}
  Statement& operator=(Statement&& other) noexcept {
    std::swap(database_, other.database_);
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Statement();

  /// Starts over, with these values. Texts must live until the last step.
  template <typename... Values>
  Statement& with(const Values&... values) {
    reset();
    bound_ = true;
    int place = 0;
    (bind(++place, values), ...);
    return *this;
  }
  /// True: there is a row.
  Result<bool> step();
  /// For statements that give no rows.
  Result<void> run();
  /// Lets go of the row, and with it of the read lock.
  void reset();

  std::int64_t number(int column) const;
  bool is_null(int column) const;
  std::string text(int column) const;
  /// Good until the next step.
  std::string_view bytes(int column) const;

 private:
  friend class Database;
  Statement(Database& database, void* handle) : database_(&database), handle_(handle) {}
  void bind(int place, std::int64_t number);
  void bind(int place, std::string_view text);
  void bind(int place, const std::string& text) { bind(place, std::string_view(text)); }

  Database* database_ = nullptr;
  void* handle_ = nullptr;
  bool bound_ = true;
};

/// Rolls back unless it was committed.
class Transaction {
 public:
  static Result<Transaction> begin(Database& database);
  /// All that is read until its end is of one moment.
  static Result<Transaction> begin_reading(Database& database);
  Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();
  Result<void> commit();

 private:
  explicit Transaction(Database& database) : database_(&database) {}
  Database* database_;
};

}  // namespace portvakt::insights
