// The request target as every codec passes it on.
#pragma once

#include <string>
#include <string_view>

namespace portvakt::http {

/// Percent-encodes bytes above 0x7f, so that every reader behind us sees the same ASCII target.
std::string canonical_target(std::string_view target);

}  // namespace portvakt::http
