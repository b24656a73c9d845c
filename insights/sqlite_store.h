// The store behind SQLite: records as rows by day of UTC, and days of the site's calendar prepared as columns
// from which the reports answer. Several processes may have the same file open; readers do not wait for the
// writer. What a visit is is decided when a day is prepared, from all that is known of it then, so that
// records may come in any order and as late as their day is not frozen.
#pragma once

#include <filesystem>
#include <memory>

#include "insights/store.h"
#include "insights/store_settings.h"

namespace portvakt::insights {

class SqliteStore : public Store {
 public:
  static Result<std::unique_ptr<SqliteStore>> open(const std::filesystem::path& file,
                                                   StoreSettings settings = {});
  ~SqliteStore() override;

  Result<std::string> position(std::string_view stream) override;
  Result<std::size_t> take(const RecordBatch& batch) override;
  Result<void> restrict(std::string_view site, const std::vector<std::string>& subjects) override;
  Result<void> store_inventory(std::string_view site, const std::vector<InventoryItem>& items) override;
  Result<void> retain(std::string_view site, const Retention& retention) override;
  Result<void> scrub() override;
  Result<bool> settle() override;
  Result<std::vector<std::string>> sites() override;

 private:
  struct State;
  explicit SqliteStore(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace portvakt::insights
