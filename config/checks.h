// What no single option can tell: options that contradict each other, promise less privacy than the operator
// may think, or name files that are not there. Errors refuse the configuration, warnings do not. Start-up and
// reload only.
#pragma once

#include "config/model.h"
#include "proxy/base/diagnostics.h"

namespace portvakt::config {

/// Looks at the model alone.
void check_options(const Model& model, Diagnostics& diagnostics);

/// Looks at the files that the model names, without reading them.
void check_files(const Model& model, Diagnostics& diagnostics);

}  // namespace portvakt::config
