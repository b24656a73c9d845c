// `${NAME}` in a configuration value: the environment's value of that name.
#pragma once

#include <string>
#include <string_view>

#include "config/value.h"

namespace portvakt::config {

/// `$${` is a plain `${`. A fault names the variable, never what it holds.
Checked<std::string> expand_environment(std::string_view text);

}  // namespace portvakt::config
