// Writes JSON by appending to a string (RFC 8259): for small answers and records of our own. No parser, no
// tree.
#pragma once

#include <string>
#include <string_view>

namespace portvakt {

/// A quoted string. Bytes that are not UTF-8 pass as they are; `<` is escaped so that the text is safe inside
/// a page.
inline void append_json_string(std::string& out, std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  out.push_back('"');
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (byte < 0x20 || byte == 0x7f || c == '<') {
      out += "\\u00";
      out.push_back(kDigits[byte >> 4]);
      out.push_back(kDigits[byte & 15]);
    } else {
      out.push_back(c);
    }
  }
  out.push_back('"');
}

/// `"name":"value"`, after a comma unless it is the first in its object.
inline void append_json_member(std::string& out, std::string_view name, std::string_view value) {
  if (!out.empty() && out.back() != '{') out.push_back(',');
  append_json_string(out, name);
  out.push_back(':');
  append_json_string(out, value);
}

}  // namespace portvakt
