// Whether a page's bytes can be read as ASCII where it counts (13.2.3): true for UTF-8 and all legacy
// encodings but UTF-16, ISO-2022-JP and those that browsers replace; pages in these must be refused, for
// their markup would pass unseen. Only the verdict is needed: the bytes of all others are rewritten as they
// are. Pure functions.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "filters/html/element.h"

namespace portvakt::html {

inline constexpr std::size_t kCharsetSniffBytes = 1024;  // 13.2.3.2: how far browsers look for a declaration

enum class CharsetVerdict : std::uint8_t {
  Unknown,   // no label, or one that browsers do not know: what the page says decides
  Readable,  // `<`, quotes and names are the ASCII bytes
  Refuse,    // needs_refusal: fail closed
};

/// For the charset parameter of Content-Type, with or without quotes and space around.
CharsetVerdict charset_from_label(std::string_view label);

/// For the label of Content-Type and the first kCharsetSniffBytes of the decoded body (fewer if it is
/// shorter).
CharsetVerdict sniff_charset(std::string_view label, std::string_view first_bytes);

/// Whether a meta tag would switch a page, wherever it stands, to an encoding that must be refused.
bool declares_refused_charset(std::span<const Attribute> attributes);

}  // namespace portvakt::html
