// The lines of a configuration file as messages may show them: values of secret options, passwords in URLs
// and control characters are replaced. Works on the text alone, so that it also holds for files that are not
// valid YAML; it rather hides too much than too little.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace portvakt::config {

std::vector<std::string> displayable_lines(std::string_view text);

/// One value, shortened and without control characters, for quoting in a message. Not for secrets.
std::string displayable(std::string_view value);
/// The same between backticks.
std::string in_backticks(std::string_view value);

}  // namespace portvakt::config
