// Reads a spool folder from outside, without changing or locking it: for `portvakt record dump`.
#pragma once

#include <filesystem>
#include <ostream>

#include "proxy/base/result.h"

namespace portvakt::logs {

/// Every record as a line of JSON, in order for each producer, also while a running Portvakt appends: `kind`
/// (`request` or `consent`), then names and order of the Redis streams; all values are strings.
Result<void> dump(const std::filesystem::path& folder, std::ostream& out);

}  // namespace portvakt::logs
