// The words with which messages, the schema and the reference page speak of options.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/option.h"

namespace portvakt::config {

/// What is expected, with its article and an example: "a duration such as 10s".
std::string_view describe(Kind kind);

/// "100ms to 1h", empty without bounds.
std::string format_range(const Option& option);

/// The candidate nearest to a misspelt word, empty when all are far from it.
std::string_view find_nearest(std::string_view word, const std::vector<std::string_view>& candidates);

/// "did you mean `x`?" for the candidate nearest to a misspelt word, else empty.
std::string did_you_mean(std::string_view word, const std::vector<std::string_view>& candidates);

}  // namespace portvakt::config
