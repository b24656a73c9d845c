// The reports' one style sheet, inline in each page and allowed there by its hash.
#pragma once

#include <string>
#include <string_view>

namespace portvakt::insights {

std::string_view page_style();

/// The Content-Security-Policy of a page: this style sheet, its own forms, nothing else from anywhere.
const std::string& page_policy();

}  // namespace portvakt::insights
