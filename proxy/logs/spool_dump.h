// Reads a spool folder from outside, without changing or locking it: for `portvakt record dump`.
#pragma once

#include <filesystem>
#include <ostream>

#include "proxy/base/result.h"

namespace portvakt::logs {

/// Every record as a line of JSON, in order for each producer, also while a running Portvakt appends: field
/// values are strings, names and order are those of the Redis streams; consent receipts have
/// `"kind":"consent"` in front.
Result<void> dump(const std::filesystem::path& folder, std::ostream& out);

}  // namespace portvakt::logs
