#include "filters/tags/srcset.h"

#include <vector>

namespace portvakt::tags {
namespace {

constexpr std::string_view kSpaces = " \t\n\r\f";

/// The length of the descriptors before the next comma; brackets hide commas.
std::size_t descriptor_length(std::string_view text) {
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '(') ++depth;
    if (text[i] == ')' && depth > 0) --depth;
    if (text[i] == ',' && depth == 0) return i;
  }
  return text.size();
}

}  // namespace

bool filter_srcset(std::string_view srcset, const std::function<bool(std::string_view)>& holds,
                   std::string& out) {
  std::vector<std::string_view> kept;
  bool held = false;
  for (std::string_view rest = srcset;;) {
    const std::size_t start = rest.find_first_not_of(" \t\n\r\f,");
    if (start == std::string_view::npos) break;
    rest.remove_prefix(start);
    std::string_view address = rest.substr(0, rest.find_first_of(kSpaces));
    std::string_view candidate = address;
    if (address.ends_with(',')) {
      while (address.ends_with(',')) address.remove_suffix(1);
      rest.remove_prefix(candidate.size());
      candidate = address;
    } else {
      candidate = rest.substr(0, address.size() + descriptor_length(rest.substr(address.size())));
      rest.remove_prefix(candidate.size());
    }
    if (holds(address)) {
      held = true;
    } else {
      kept.push_back(candidate);
    }
  }
  if (!held) return false;
  for (const std::string_view candidate : kept) {
    if (!out.empty()) out += ", ";
    out += candidate;
  }
  return true;
}

}  // namespace portvakt::tags
