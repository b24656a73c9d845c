#include "filters/html/character_references.h"

#include <algorithm>
#include <array>

#include "proxy/base/ascii.h"

namespace portvakt::html {
namespace {

struct NamedReference {
  std::string_view name;
  std::string_view text;
};

constexpr NamedReference kNamedReferences[] = {
#include "filters/html/named_references.inc"
};

// 13.2.5.80: numbers 0x80 to 0x9F mean what windows-1252 has there; 0 where it has nothing.
constexpr std::array<std::uint16_t, 32> kWindows1252 = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

constexpr std::uint32_t kReplacement = 0xFFFD;
constexpr std::uint32_t kLargest = 0x10FFFF;

std::uint32_t legal_code(std::uint32_t code) {
  if (code == 0 || code > kLargest || (code >= 0xD800 && code <= 0xDFFF)) return kReplacement;
  if (code >= 0x80 && code <= 0x9F && kWindows1252[code - 0x80] != 0) return kWindows1252[code - 0x80];
  return code;
}

/// `text` begins after "&#". Gives how many bytes of it the reference takes; 0: it is none.
std::size_t decode_numeric(std::string_view text, std::string& out) {
  const bool hex = !text.empty() && ascii::to_lower(text[0]) == 'x';
  const std::size_t first = hex ? 1 : 0;
  std::size_t at = first;
  std::uint32_t code = 0;
  for (; at < text.size(); ++at) {
    const int digit = hex ? ascii::hex_value(text[at]) : ascii::is_digit(text[at]) ? text[at] - '0' : -1;
    if (digit < 0) break;
    code = std::min(code * (hex ? 16 : 10) + static_cast<std::uint32_t>(digit), kLargest + 1);
  }
  if (at == first) return 0;
  append_utf8(legal_code(code), out);
  return at < text.size() && text[at] == ';' ? at + 1 : at;
}

/// The longest name that `text` begins with: the sorted table is narrowed letter by letter.
const NamedReference* find_longest(std::string_view text) {
  const NamedReference* low = std::begin(kNamedReferences);
  const NamedReference* high = std::end(kNamedReferences);
  const NamedReference* longest = nullptr;
  for (std::size_t n = 0; n < text.size() && low != high; ++n) {
    const auto letter = [n](const NamedReference& row) {
      return n < row.name.size() ? static_cast<int>(static_cast<unsigned char>(row.name[n])) : -1;
    };
    const auto found = std::ranges::equal_range(
        low, high, static_cast<int>(static_cast<unsigned char>(text[n])), {}, letter);
    low = found.begin();
    high = found.end();
    if (low != high && low->name.size() == n + 1) longest = low;
  }
  return longest;
}

/// `text` begins after "&". Gives how many bytes of it the reference takes; 0: it is none.
std::size_t decode_named(std::string_view text, ReferenceRules rules, std::string& out) {
  const NamedReference* found = find_longest(text);
  if (found == nullptr) return 0;
  const std::size_t size = found->name.size();
  const char next = size < text.size() ? text[size] : ' ';
  const bool part_of_word = next == '=' || ascii::is_alnum(next);
  if (rules == ReferenceRules::Attribute && found->name.back() != ';' && part_of_word) return 0;
  out.append(found->text);
  return size;
}

}  // namespace

void append_utf8(std::uint32_t code, std::string& out) {
  const auto push = [&out](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  const auto follow = [&push](std::uint32_t bits) { push(0x80 | (bits & 0x3F)); };
  if (code < 0x80) return push(code);
  if (code < 0x800) return push(0xC0 | code >> 6), follow(code);
  if (code < 0x10000) return push(0xE0 | code >> 12), follow(code >> 6), follow(code);
  push(0xF0 | code >> 18), follow(code >> 12), follow(code >> 6), follow(code);
}

void decode_references(std::string_view raw, ReferenceRules rules, std::string& out) {
  while (!raw.empty()) {
    const std::size_t ampersand = std::min(raw.find('&'), raw.size());
    out.append(raw.substr(0, ampersand));
    raw.remove_prefix(ampersand);
    if (raw.empty()) return;
    const bool numeric = raw.size() > 1 && raw[1] == '#';
    const std::size_t taken =
        numeric ? decode_numeric(raw.substr(2), out) : decode_named(raw.substr(1), rules, out);
    if (taken == 0) out.push_back('&');
    raw.remove_prefix(taken == 0 ? 1 : taken + (numeric ? 2 : 1));
  }
}

}  // namespace portvakt::html
