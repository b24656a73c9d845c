// The small pattern language of rules: `*` stands for any characters, `#` for four digits or more, all else
// for itself. No state, no allocation.
#pragma once

#include <string_view>

namespace portvakt {

bool matches_whole(std::string_view pattern, std::string_view text);

/// The pattern fits a beginning of the text. A pattern that ends within a word does not stop in the middle of
/// one:
/// `/tr` fits `/tr` and `/tr?id=1`, not `/travel`.
bool matches_beginning(std::string_view pattern, std::string_view text);

}  // namespace portvakt
