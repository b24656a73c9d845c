#include "insights/database.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace portvakt::insights {
namespace {

constexpr int kBusyMilliseconds = 10000;

sqlite3* connection(void* handle) {
  return static_cast<sqlite3*>(handle);
}
sqlite3_stmt* statement(void* handle) {
  return static_cast<sqlite3_stmt*>(handle);
}

/// SQLite would make the file as the umask says; its log and index beside it take the file's own permissions.
Result<void> make_private(const std::filesystem::path& file) {
  const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) return failure(ErrorKind::Io, "cannot open " + file.string() + ": " + std::strerror(errno));
  const bool narrowed = ::fchmod(fd, 0600) == 0;
  ::close(fd);
  if (!narrowed)
    return failure(ErrorKind::Io, "cannot make " + file.string() + " private: " + std::strerror(errno));
  return {};
}

}  // namespace

Result<std::unique_ptr<Database>> Database::open(const std::filesystem::path& file) {
  if (auto made = make_private(file); !made) return tl::unexpected(made.error());
  std::unique_ptr<Database> database(new Database);
  sqlite3* handle = nullptr;
  const int code =
      sqlite3_open_v2(file.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  database->handle_ = handle;
  if (code != SQLITE_OK) return database->fault();
  sqlite3_busy_timeout(handle, kBusyMilliseconds);
  // Deleted visitors must be gone from the file, not only from its index: their bytes are overwritten.
  const auto set = database->run(
      "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON; PRAGMA foreign_keys=ON;");
  if (!set) return tl::unexpected(set.error());
  return database;
}

Database::~Database() {
  sqlite3_close_v2(connection(handle_));
}

tl::unexpected<Error> Database::fault() const {
  return failure(ErrorKind::Io, std::string("reports store: ") + sqlite3_errmsg(connection(handle_)));
}

Result<void> Database::run(const char* sql) {
  if (sqlite3_exec(connection(handle_), sql, nullptr, nullptr, nullptr) != SQLITE_OK) return fault();
  return {};
}

Result<Statement> Database::prepare(std::string_view sql) {
  sqlite3_stmt* handle = nullptr;
  const int size = static_cast<int>(sql.size());
  if (sqlite3_prepare_v3(connection(handle_), sql.data(), size, SQLITE_PREPARE_PERSISTENT, &handle,
                         nullptr) != SQLITE_OK) {
    return fault();
  }
  return Statement(*this, handle);
}

std::int64_t Database::changes() const {
  return sqlite3_changes64(connection(handle_));
}

Statement::~Statement() {
  sqlite3_finalize(statement(handle_));
}

void Statement::bind(int place, std::int64_t number) {
  bound_ = sqlite3_bind_int64(statement(handle_), place, number) == SQLITE_OK && bound_;
}

void Statement::bind(int place, std::string_view text) {
  // A null pointer would be bound as NULL, and NULL equals nothing.
  bound_ = sqlite3_bind_text(statement(handle_), place, text.empty() ? "" : text.data(),
                             static_cast<int>(text.size()), SQLITE_STATIC) == SQLITE_OK &&
           bound_;
}

Result<bool> Statement::step() {
  if (!bound_) return database_->fault();
  const int code = sqlite3_step(statement(handle_));
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  auto error = database_->fault();
  reset();
  return error;
}

Result<void> Statement::run() {
  const auto stepped = step();
  reset();
  if (!stepped) return tl::unexpected(stepped.error());
  return {};
}

void Statement::reset() {
  sqlite3_reset(statement(handle_));
}

std::int64_t Statement::number(int column) const {
  return sqlite3_column_int64(statement(handle_), column);
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement(handle_), column) == SQLITE_NULL;
}

std::string Statement::text(int column) const {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement(handle_), column));
  if (bytes == nullptr) return {};
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement(handle_), column))};
}

std::string_view Statement::bytes(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement(handle_), column));
  if (bytes == nullptr) return {};
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement(handle_), column))};
}

Result<Transaction> Transaction::begin(Database& database) {
  // At once a writer: a reader that becomes one later can find that another was faster, and would have to
  // start over.
  if (auto begun = database.run("BEGIN IMMEDIATE"); !begun) return tl::unexpected(begun.error());
  return Transaction(database);
}

Result<Transaction> Transaction::begin_reading(Database& database) {
  if (auto begun = database.run("BEGIN"); !begun) return tl::unexpected(begun.error());
  return Transaction(database);
}

Transaction::~Transaction() {
  if (database_ != nullptr) (void)database_->run("ROLLBACK");
}

Result<void> Transaction::commit() {
  auto done = database_->run("COMMIT");
  if (done) database_ = nullptr;
  return done;
}

}  // namespace portvakt::insights
