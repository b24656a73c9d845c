// What scripts of a site that had another consent tool before call: the objects and events of that tool, with
// our answers. Thin: what pages read and listen to, not what configures the tool. Built on `window.portvakt`
// alone. Pure.
#pragma once

#include <string>

#include "config/model.h"

namespace portvakt::guard {

/// Script text that runs behind the guard.
std::string compatibility_source(config::ConsentDialect dialect);

}  // namespace portvakt::guard
