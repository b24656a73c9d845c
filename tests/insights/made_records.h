// Records as sources give them, for tests.
#pragma once

#include <initializer_list>
#include <string>
#include <utility>

#include "insights/column_reports.h"
#include "insights/source.h"
#include "insights/sqlite_store.h"
#include "tests/logs/scratch_folder.h"
#include "tests/support/fake_clock.h"

namespace portvakt::insights {

/// 22 November 2026.
inline constexpr Day kToday = 20779;
inline constexpr std::int64_t kDayMilliseconds = 86'400'000;

using Fields = std::initializer_list<std::pair<const char*, std::string>>;

inline SourceRecord made_record(logs::RecordKind kind, std::uint64_t sequence, Day day, Fields more) {
  SourceRecord record{kind, {}};
  record.fields = {{"id", "00ff00ff00ff00ff-0-" + std::to_string(sequence)},
                   {"t", std::to_string(day * kDayMilliseconds + 3'600'000)},
                   {"site", "a"}};
  for (const auto& [name, value] : more) record.fields.emplace_back(name, value);
  return record;
}

/// A page view.
inline SourceRecord made_view(std::uint64_t sequence, const std::string& path,
                              const std::string& visitor = "") {
  return made_record(logs::RecordKind::Access, sequence, kToday,
                     {{"method", "GET"},
                      {"path", path},
                      {"status", "200"},
                      {"purposes", visitor.empty() ? "necessary" : "necessary, analytics"},
                      {"visitor", visitor}});
}

/// A store in a folder of its own, and reports on it.
struct ScratchStore {
  explicit ScratchStore(StoreSettings chosen = {}) : settings(std::move(chosen)) {}

  StoreSettings settings;
  logs::ScratchFolder folder;
  std::filesystem::path file = folder.path() / "insights.db";
  FakeClock clock;
  std::unique_ptr<Store> store = open();
  std::unique_ptr<ColumnReports> reports = open_reports();

  std::unique_ptr<Store> open() const {
    auto opened = SqliteStore::open(file, settings);
    return opened ? std::move(*opened) : nullptr;
  }
  std::unique_ptr<ColumnReports> open_reports() const {
    auto opened = ColumnReports::open(file, settings, clock);
    return opened ? std::move(*opened) : nullptr;
  }
  void close() {
    store.reset();
    reports.reset();
  }
  Store* operator->() const { return store.get(); }
  Store& operator*() const { return *store; }
};

/// What the reports say of a site's whole time.
inline Totals totals_of(Reports& reports, const std::string& site = "a") {
  Query query;
  query.site = site;
  query.period = {kToday - 400, kToday + 100};
  const auto answer = reports.totals(query);
  return answer ? answer->now : Totals{{-1, 0, 0, 0, 0, 0, 0, -1, {}, false}, {}};
}

}  // namespace portvakt::insights
