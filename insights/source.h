// Where records come from: the seam between the places that keep them (Redis streams, the spool of this
// machine) and the store. A source remembers nothing: the store keeps, with the rows, how far each stream was
// read, and both are committed together. So a record counts once however often the program is killed. For the
// one thread that fills the store; it may wait.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "proxy/base/result.h"
#include "proxy/logs/records/record_field.h"

namespace portvakt::insights {

class Store;

/// A record as a source gives it: the contract's field names and texts, `id` and `site` among them.
struct SourceRecord {
  logs::RecordKind kind = logs::RecordKind::Access;
  std::vector<std::pair<std::string, std::string>> fields;

  /// Empty when it is absent.
  std::string_view field(std::string_view name) const {
    for (const auto& [known, value] : fields) {
      if (known == name) return value;
    }
    return {};
  }
};

/// A run of one stream. `after` is the position that it was read from; the store takes it only if it still
/// stands there.
struct RecordBatch {
  std::string stream;
  std::string after;  // empty: from the beginning
  std::string up_to;
  std::vector<SourceRecord> records;
};

inline constexpr std::size_t kBatchRecords = 1000;

class RecordSource {
 public:
  virtual ~RecordSource() = default;
  /// Carries everything that has come since into the store; how many records were new to it. An error ends
  /// the round; what was taken before it stays.
  virtual Result<std::size_t> poll(Store& store) = 0;
};

}  // namespace portvakt::insights
