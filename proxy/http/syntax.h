// Character classes of RFC 9110 and RFC 3986, as one table look-up each.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace portvakt::http {

namespace detail {

enum CharClass : std::uint8_t { kTchar = 1, kFieldValue = 2, kTarget = 4, kHost = 8 };

constexpr std::array<std::uint8_t, 256> make_char_classes() {
  std::array<std::uint8_t, 256> table{};
  const auto mark = [&table](std::string_view chars, std::uint8_t char_class) {
    for (const char c : chars) table[static_cast<unsigned char>(c)] |= char_class;
  };
  constexpr std::string_view kAlnum = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  mark(kAlnum, kTchar | kHost);
  mark("!#$%&'*+-.^_`|~", kTchar);
  mark("-._~!$&'()*+,;=%:[]", kHost);
  for (int c = 0x21; c < 256; ++c) {
    const auto at = static_cast<std::size_t>(c);
    if (c == 0x7f) continue;
    table[at] |= kFieldValue;
    if (c != '#') table[at] |= kTarget;
  }
  table[' '] |= kFieldValue;
  table['\t'] |= kFieldValue;
  return table;
}

inline constexpr auto kCharClasses = make_char_classes();

inline bool all_in(std::string_view text, CharClass char_class) {
  return std::ranges::all_of(
      text, [&](char c) { return (kCharClasses[static_cast<unsigned char>(c)] & char_class) != 0; });
}

/// Eight bytes at once: none is a control character or DEL. A tab counts as one.
inline bool is_printable_word(std::uint64_t word) {
  constexpr std::uint64_t kOnes = 0x0101010101010101U;
  constexpr std::uint64_t kHighBits = 0x80 * kOnes;
  const std::uint64_t del = word ^ (0x7f * kOnes);  // zero where the byte is DEL
  const std::uint64_t control = (word - 0x20 * kOnes) & ~word;
  return ((control | ((del - kOnes) & ~del)) & kHighBits) == 0;
}

}  // namespace detail

/// A token (RFC 9110 section 5.6.2): methods and field names.
inline bool is_token(std::string_view text) {
  return !text.empty() && detail::all_in(text, detail::kTchar);
}

/// A field value without control characters (RFC 9110 section 5.5): no CR, LF, NUL; bytes above 0x7f pass.
inline bool is_field_value(std::string_view text) {
  for (std::uint64_t word = 0; text.size() >= sizeof word; text.remove_prefix(sizeof word)) {
    std::memcpy(&word, text.data(), sizeof word);
    if (!detail::is_printable_word(word)) break;  // the table tells a tab from the rest
  }
  return detail::all_in(text, detail::kFieldValue);
}

/// What may stand in a request target: visible characters and bytes above 0x7f, no fragment.
inline bool is_target_text(std::string_view text) {
  return detail::all_in(text, detail::kTarget);
}

/// host[:port] (RFC 3986 section 3.2) by its characters, without user information; port digits checked.
bool is_authority(std::string_view text);

}  // namespace portvakt::http
