// Finds the addresses that a style sheet or style attribute makes a browser fetch: url(), @import,
// image-set() and other strings that are addresses (CSS Syntax, sections 4.3.3 to 4.3.7, escapes read).
// Rewrites those that are held back to `about:invalid`; all else stays byte for byte. No state.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace portvakt::tags {

/// `holds` is asked about each address; true writes it out of the sheet. False is returned, and `out` left
/// alone, when nothing was held back.
bool rewrite_css(std::string_view css, const std::function<bool(std::string_view)>& holds, std::string& out);

}  // namespace portvakt::tags
