// Where records become what reports count: the room's seam to storage, seen from the side that writes. The
// side that reads is Reports. Both are interfaces, so that a column store can take SQLite's place when one
// machine is outgrown. Whatever stands behind it keeps two promises: take() commits rows and position
// together, and erase() leaves no byte of a subject behind once scrub() is done. One thread at a time.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "insights/day.h"
#include "insights/inventory.h"
#include "insights/source.h"

namespace portvakt::insights {

/// What one site's days may still hold.
struct Retention {
  Day visits = 0;  // of earlier days nobody is recognised: their visits stay as counts that belong to no one
  Day counts = 0;  // earlier days are gone
};

class Store {
 public:
  virtual ~Store() = default;

  /// How far a stream was taken; empty: not at all.
  virtual Result<std::string> position(std::string_view stream) = 0;
  /// How many of the records were new and readable. Nothing at all is stored when the stream stands elsewhere
  /// than the batch says (it came twice, or another process was faster); single records that a stream repeats
  /// are known by their `id` and count once. Erasure notices among them are acted on in the same commit.
  virtual Result<std::size_t> take(const RecordBatch& batch) = 0;

  /// Those whose visits are not to be shown; takes the place of the set before.
  virtual Result<void> restrict(std::string_view site, const std::vector<std::string>& subjects) = 0;
  /// The inventory as it is now; what it no longer knows is forgotten.
  virtual Result<void> store_inventory(std::string_view site, const std::vector<InventoryItem>& items) = 0;
  virtual Result<void> retain(std::string_view site, const Retention& retention) = 0;

  /// Overwrites what erasures left behind in the files; nothing to do is no error. Until it has succeeded it
  /// is to be called again.
  virtual Result<void> scrub() = 0;
  /// Prepares days that have come to rest for quick answers; false: there was nothing to prepare.
  virtual Result<bool> settle() = 0;

  /// Sites that have records.
  virtual Result<std::vector<std::string>> sites() = 0;
};

}  // namespace portvakt::insights
