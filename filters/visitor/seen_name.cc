#include "filters/visitor/seen_name.h"

#include <algorithm>

#include "proxy/base/ascii.h"

namespace portvakt::visitor {
namespace {

constexpr std::size_t kMaxDigits = 3;
constexpr std::size_t kMaxMixed = 5;
constexpr std::size_t kMaxLetters = 20;
constexpr std::ptrdiff_t kMaxCaseChanges = 4;  // `isLoggedInUser` has five words at most

bool is_part_of_word(char c) {
  return ascii::is_alnum(c) || static_cast<unsigned char>(c) >= 0x80 || c == '%' || c == '@';
}

bool looks_random(std::string_view part) {
  const auto digits = static_cast<std::size_t>(std::ranges::count_if(part, ascii::is_digit));
  const bool plain = std::ranges::all_of(part, ascii::is_alnum);
  if (!plain || part.size() > kMaxLetters) return true;
  if (digits == part.size()) return digits > kMaxDigits;
  if (digits > 0) return part.size() > kMaxMixed;
  std::ptrdiff_t changes = 0;
  for (std::size_t i = 1; i < part.size(); ++i) {
    const bool upper = part[i] >= 'A' && part[i] <= 'Z';
    const bool was_upper = part[i - 1] >= 'A' && part[i - 1] <= 'Z';
    if (upper && !was_upper) ++changes;
  }
  return part.size() > kMaxMixed && changes >= kMaxCaseChanges;
}

}  // namespace

std::string masked_name(std::string_view name) {
  std::string out;
  while (!name.empty() && out.size() < kMaxSeenName) {
    const auto end = std::ranges::find_if_not(name, is_part_of_word) - name.begin();
    const auto part = name.substr(0, static_cast<std::size_t>(end));
    if (!part.empty()) {
      out += looks_random(part) ? std::string_view("*") : part;
    } else if (static_cast<unsigned char>(name[0]) > 0x20 && name[0] != 0x7f) {
      out.push_back(name[0]);
    }
    name.remove_prefix(std::max<std::size_t>(part.size(), 1));
  }
  if (out.size() > kMaxSeenName) out.resize(kMaxSeenName);
  return out;
}

}  // namespace portvakt::visitor
