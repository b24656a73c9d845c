// Records as sources give them, for tests.
#pragma once

#include <initializer_list>
#include <string>
#include <utility>

#include "insights/day.h"
#include "insights/source.h"
#include "insights/store.h"
#include "tests/logs/scratch_folder.h"

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

/// A store in a folder of its own.
struct ScratchStore {
  logs::ScratchFolder folder;
  std::filesystem::path file = folder.path() / "insights.db";
  std::unique_ptr<Store> store = open();

  std::unique_ptr<Store> open() const {
    auto opened = Store::open(file);
    return opened ? std::move(*opened) : nullptr;
  }
  Store* operator->() const { return store.get(); }
  Store& operator*() const { return *store; }
};

}  // namespace portvakt::insights
