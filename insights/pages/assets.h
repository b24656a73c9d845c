// The one style sheet and the one small script of the reports, and the policy that lets nothing else run.
// Their addresses hold a hash of what they say, so that browsers may keep them for ever.
#pragma once

#include <string>
#include <string_view>

namespace portvakt::insights {

std::string_view style_text();
std::string_view script_text();
const std::string& style_path();
const std::string& script_path();

/// Content-Security-Policy of every page.
std::string_view page_policy();

}  // namespace portvakt::insights
