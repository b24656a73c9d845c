// Text operations on ASCII as protocols define it: never the locale, never Unicode case folding.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace portvakt::ascii {

constexpr char to_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}
constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool is_alpha(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
constexpr bool is_alnum(char c) {
  return is_digit(c) || is_alpha(c);
}

/// The value of a hexadecimal digit, or -1.
constexpr int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  const char l = to_lower(c);
  return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

namespace detail {

/// Eight characters at once: capital letters become small ones, every other byte stays.
constexpr std::uint64_t lower_word(std::uint64_t word) {
  constexpr std::uint64_t kOnes = 0x0101010101010101U;
  const std::uint64_t seven_bits = word & (0x7f * kOnes);
  const std::uint64_t from_a = seven_bits + (0x80 - 'A') * kOnes;
  const std::uint64_t after_z = seven_bits + (0x7f - 'Z') * kOnes;
  const std::uint64_t capitals = (from_a ^ after_z) & ~word & (0x80 * kOnes);
  return word | (capitals >> 2U);
}

template <typename Word>
bool same_word(const char* a, const char* b) {
  Word x = 0;
  Word y = 0;
  std::memcpy(&x, a, sizeof x);
  std::memcpy(&y, b, sizeof y);
  return x == y || lower_word(x) == lower_word(y);
}

/// Both hold `size` characters. The last word overlaps the one before it where the size is no multiple.
inline bool same_letters(const char* a, const char* b, std::size_t size) {
  if (size >= 8) {
    for (std::size_t at = 0; at + 8 <= size; at += 8) {
      if (!same_word<std::uint64_t>(a + at, b + at)) return false;
    }
    return same_word<std::uint64_t>(a + size - 8, b + size - 8);
  }
  if (size >= 4)
    return same_word<std::uint32_t>(a, b) && same_word<std::uint32_t>(a + size - 4, b + size - 4);
  for (std::size_t at = 0; at < size; ++at) {
    if (to_lower(a[at]) != to_lower(b[at])) return false;
  }
  return true;
}

}  // namespace detail

/// Asked of every field of every message many times: most pairs differ in length or in the first letter.
inline bool iequals(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  if (a.empty()) return true;
  if (to_lower(a.front()) != to_lower(b.front())) return false;
  return detail::same_letters(a.data(), b.data(), a.size());
}

inline bool istarts_with(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() && iequals(text.substr(0, prefix.size()), prefix);
}

inline bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

std::string lower(std::string_view text);

/// Without leading and trailing space and tab (OWS of RFC 9110 section 5.6.3).
std::string_view trim(std::string_view text);

/// The parts between separators, each trimmed; empty parts are left out. Views into `text`.
std::vector<std::string_view> split(std::string_view text, char separator);

/// Digits only, no sign, no overflow; empty otherwise.
std::optional<std::uint64_t> parse_uint(std::string_view digits);

/// Base64url without padding (RFC 4648 section 5).
std::string base64url(std::string_view bytes);
std::optional<std::string> parse_base64url(std::string_view text);

std::string hex(std::string_view bytes);

/// Percent-decoding of one form component (`+` is a space), as application/x-www-form-urlencoded has it.
std::string decode_form_component(std::string_view text);

/// Text made safe inside HTML text and double-quoted attributes.
std::string escape_html(std::string_view text);

/// The edit distance of two words, cut off at `limit` + 1: for suggestions in error messages.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit);

}  // namespace portvakt::ascii
