#include "proxy/base/star_pattern.h"

#include "proxy/base/ascii.h"

namespace portvakt {
namespace {

enum class End { Text, Word };

constexpr std::size_t kFewestDigits = 4;

bool may_end(std::string_view pattern, std::string_view text, std::size_t at, End end) {
  if (at == text.size()) return true;
  if (end == End::Text) return false;
  return pattern.empty() || !ascii::is_alnum(pattern.back()) || !ascii::is_alnum(text[at]);
}

bool matches(std::string_view pattern, std::string_view text, End end) {
  std::size_t p = 0, t = 0;
  std::size_t star = std::string_view::npos, star_text = 0;
  while (true) {
    bool fits = false;
    if (p == pattern.size()) {
      if (may_end(pattern, text, t, end)) return true;
    } else if (pattern[p] == '*') {
      star = ++p, star_text = t;
      continue;
    } else if (pattern[p] == '#') {
      std::size_t digits = 0;
      while (t + digits < text.size() && ascii::is_digit(text[t + digits])) ++digits;
      fits = digits >= kFewestDigits;
      if (fits) ++p, t += digits;
    } else if (t < text.size() && pattern[p] == text[t]) {
      fits = true;
      ++p, ++t;
    }
    if (fits) continue;
    if (star == std::string_view::npos || star_text >= text.size()) return false;
    p = star, t = ++star_text;
  }
}

}  // namespace

bool matches_whole(std::string_view pattern, std::string_view text) {
  return matches(pattern, text, End::Text);
}

bool matches_beginning(std::string_view pattern, std::string_view text) {
  return matches(pattern, text, End::Word);
}

}  // namespace portvakt
