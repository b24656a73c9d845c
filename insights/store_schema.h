// The tables of the reports store, and how older files become current ones. Private to the room's store
// files.
#pragma once

#include "insights/database.h"

namespace portvakt::insights {

/// Brings the file to the newest version, all steps in one transaction. Unsupported: a newer program made it.
Result<void> migrate(Database& database);

}  // namespace portvakt::insights
