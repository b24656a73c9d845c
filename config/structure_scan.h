// A look over a YAML text before the parser sees it, for what the parser handles badly: it recurses once a
// level and looks back over all open brackets at each token, so that a file of brackets costs stack and
// quadratic time; and it takes a quote that is never closed as if it ended with the file.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "config/places.h"

namespace portvakt::config {

inline constexpr std::size_t kMaxNesting = 32;

struct StructureFault {
  Place place;
  std::string text;
};

std::optional<StructureFault> scan_structure(std::string_view text);

}  // namespace portvakt::config
