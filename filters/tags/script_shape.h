// What kind of script is this, and is it a vendor's snippet and nothing else? A rough reading, made so that
// whoever is unsure keeps the script: what is kept is defused instead of removed.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace portvakt::tags {

enum class ScriptKind : std::uint8_t { JavaScript, ImportMap, SpeculationRules, Data };

/// By `type` and `language`, as HTML 4.12.1.1 "prepare the script element" has it.
ScriptKind script_kind(std::optional<std::string_view> type, std::optional<std::string_view> language);

/// Short, and declares no global name of the page's own, on which other scripts could rely.
bool is_mere_snippet(std::string_view script);

}  // namespace portvakt::tags
