// Reads a `srcset` (HTML 4.8.4.2.1) and leaves out candidates. No state.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace portvakt::tags {

/// Calls `holds` for the address of each candidate. False, and `out` left alone, if none is held; else `out`
/// is the list without those.
bool filter_srcset(std::string_view srcset, const std::function<bool(std::string_view)>& holds,
                   std::string& out);

}  // namespace portvakt::tags
