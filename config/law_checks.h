// Where a configuration contradicts the plain text of the law that privacy policies promise to keep: warnings
// that name the article. What the vendor catalogue must be asked for is in proxy/server/held_vendors. No
// legal advice: an operator may have reasons. Start-up and reload only.
#pragma once

#include "config/model.h"
#include "proxy/base/diagnostics.h"

namespace portvakt::config {

void check_law(const Model& model, Diagnostics& diagnostics);

}  // namespace portvakt::config
