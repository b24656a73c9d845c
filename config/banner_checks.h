// Whether the banner as the operator coloured it can be read by everybody, and what it names exists. Start-up
// and reload only.
#pragma once

#include <string>

#include "config/model.h"
#include "proxy/base/diagnostics.h"

namespace portvakt::config {

/// `path` is the site's, as in `sites[0]`.
void check_banner(const Site& site, const std::string& path, const Places& places, Diagnostics& diagnostics);

}  // namespace portvakt::config
