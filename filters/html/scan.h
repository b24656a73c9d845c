// Finding bytes fast: the inner loops of the tokenizer. Sixteen bytes a step where the processor has SSE2,
// else memchr and a table. All functions give `end` if nothing is found, and read nothing at or past `end`.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace portvakt::html::scan {

enum CharClass : std::uint8_t {
  kSpace = 1,          // tab, line feed, form feed, carriage return, space
  kEndsName = 2,       // space / >
  kEndsAttribute = 4,  // space / > =
  kEndsUnquoted = 8,   // space >
  kLetter = 16,
};

constexpr std::array<std::uint8_t, 256> make_classes() {
  std::array<std::uint8_t, 256> classes{};
  for (const char c : {'\t', '\n', '\f', '\r', ' '}) {
    classes[static_cast<unsigned char>(c)] = kSpace | kEndsName | kEndsAttribute | kEndsUnquoted;
  }
  classes['/'] = kEndsName | kEndsAttribute;
  classes['>'] = kEndsName | kEndsAttribute | kEndsUnquoted;
  classes['='] = kEndsAttribute;
  for (unsigned c = 'a'; c <= 'z'; ++c) classes[c] = classes[c - 32] = kLetter;
  return classes;
}
inline constexpr std::array<std::uint8_t, 256> kClasses = make_classes();

constexpr bool is(char c, std::uint8_t classes) {
  return (kClasses[static_cast<unsigned char>(c)] & classes) != 0;
}
constexpr bool is_space(char c) {
  return is(c, kSpace);
}

inline const char* find_class(const char* p, const char* end, std::uint8_t classes) {
  while (p != end && !is(*p, classes)) ++p;
  return p;
}

inline const char* skip_spaces(const char* p, const char* end) {
  while (p != end && is_space(*p)) ++p;
  return p;
}

/// As find_class for kEndsName or kEndsAttribute, for names: sixteen bytes at once, since most are shorter.
inline const char* find_name_end(const char* p, const char* end, std::uint8_t classes) {
#if defined(__SSE2__)
  if (end - p >= 16) {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
    const __m128i low = _mm_cmpeq_epi8(_mm_min_epu8(block, _mm_set1_epi8(' ')), block);
    const __m128i slash = _mm_cmpeq_epi8(block, _mm_set1_epi8('/'));
    const __m128i equals_or_greater =
        _mm_cmpeq_epi8(_mm_and_si128(block, _mm_set1_epi8(~3)), _mm_set1_epi8('<'));
    const __m128i hits = _mm_or_si128(_mm_or_si128(low, slash), equals_or_greater);
    const int mask = _mm_movemask_epi8(hits);
    p += mask == 0 ? 16 : __builtin_ctz(static_cast<unsigned>(mask));
  }
#endif
  return find_class(p, end, classes);
}

inline const char* find_byte(const char* p, const char* end, char byte) {
#if defined(__SSE2__)
  const __m128i wanted = _mm_set1_epi8(byte);
  for (; end - p >= 16; p += 16) {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
    const int hits = _mm_movemask_epi8(_mm_cmpeq_epi8(block, wanted));
    if (hits != 0) return p + __builtin_ctz(static_cast<unsigned>(hits));
  }
  while (p != end && *p != byte) ++p;
  return p;
#else
  const void* hit = p == end ? nullptr : std::memchr(p, byte, static_cast<std::size_t>(end - p));
  return hit == nullptr ? end : static_cast<const char*>(hit);
#endif
}

}  // namespace portvakt::html::scan
