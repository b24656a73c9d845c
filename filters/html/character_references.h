// Character references ("&amp;", "&#x41;") as 13.2.5.72 to 13.2.5.80 read them. In attributes a name without
// ";" before
// "=" or a letter or digit stays as it is: addresses hold "&copy=1". Bytes that are no reference pass
// unchanged.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace portvakt::html {

enum class ReferenceRules : std::uint8_t { Text, Attribute };

/// Appends `raw` to `out` with its references decoded.
void decode_references(std::string_view raw, ReferenceRules rules, std::string& out);

/// Appends a code point as UTF-8.
void append_utf8(std::uint32_t code, std::string& out);

}  // namespace portvakt::html
