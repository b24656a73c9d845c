// The table of options as a page for operators, in Markdown: config/reference.md is this text, and a test
// holds the two together.
#pragma once

#include <string>

namespace portvakt::config {

std::string reference_markdown();

}  // namespace portvakt::config
