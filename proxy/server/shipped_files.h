// Where the files lie that come with the program: the vendor catalogue and the locales.
#pragma once

#include <filesystem>

#include "proxy/base/result.h"

namespace portvakt::server {

/// Beside an installed program (`../share/portvakt`), in the source tree of one that was built there, or in
/// /usr/share/portvakt. Errors: Io, naming the places that were looked at.
Result<std::filesystem::path> find_shipped(const std::filesystem::path& name);

}  // namespace portvakt::server
