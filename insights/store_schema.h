// The tables of the reports' store, made and brought up to date step by step. Private to the room's store
// files.
#pragma once

#include <span>

#include "insights/database.h"

namespace portvakt::insights {

/// Makes what is missing, in one transaction: a file is of one version or of another, never between. A file
/// of a newer program is refused.
Result<void> migrate(Database& database);

/// With these steps, for tests.
Result<void> migrate(Database& database, std::span<const char* const> steps);

}  // namespace portvakt::insights
