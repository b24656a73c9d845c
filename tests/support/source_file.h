// Finds files of the source tree, so that tests read what ships and not a copy of it.
#pragma once

#include <string>
#include <string_view>

namespace portvakt::test {

/// The absolute path of a file named from the root of the sources, as "config/vendors.yaml".
std::string source_file(std::string_view path);

}  // namespace portvakt::test
