// Names as the inventory may keep them: what could single somebody out is masked. No state.
#pragma once

#include <string>
#include <string_view>

namespace portvakt::visitor {

/// A cookie's or storage key's name with its random-looking parts replaced by `*`: `_ga_7XK2F9QLPW` becomes
/// `_ga_*`. Parts are what `-`, `_`, `.` and other punctuation separates; a part with a digit in it and more
/// than five characters, a number of more than three digits, one of more than twenty letters, and anything
/// that is not plain ASCII is masked. At most kMaxSeenName characters.
std::string masked_name(std::string_view name);

inline constexpr std::size_t kMaxSeenName = 64;

}  // namespace portvakt::visitor
