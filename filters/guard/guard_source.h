// The text of the guard, in JavaScript: a function that takes the consent class. See guard_script.h.
#pragma once

#include <string>

namespace portvakt::guard {

/// Without comments and indentation, ready for a call to be put behind it.
std::string guard_source();

}  // namespace portvakt::guard
