// Which attribute names make a start tag worth telling: exact names, prefixes ("data-*") and event handlers
// ("on…"). Asked for every attribute of a page, so the first letter decides nearly always. A value; const
// after making.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/base/ascii.h"

namespace portvakt::html {

class AttributeFilter {
 public:
  AttributeFilter() = default;
  AttributeFilter(const std::vector<std::string_view>& names, bool event_handlers) {
    for (const std::string_view name : names) add(name);
    if (event_handlers) add("on*");
  }

  bool empty() const { return first_letters_ == 0; }
  bool matches(std::string_view name) const {
    if (name.empty() || (first_letters_ >> (name[0] & 31) & 1) == 0) return false;
    for (const Pattern& pattern : patterns_) {
      if (pattern.prefix ? ascii::istarts_with(name, pattern.name) : ascii::iequals(name, pattern.name))
        return true;
    }
    return false;
  }

 private:
  struct Pattern {
    std::string name;
    bool prefix = false;
  };
  void add(std::string_view name) {
    const bool prefix = !name.empty() && name.back() == '*';
    if (prefix) name.remove_suffix(1);
    if (name.empty()) return;
    patterns_.push_back({std::string(name), prefix});
    first_letters_ |= std::uint32_t{1} << (name[0] & 31);
  }

  std::vector<Pattern> patterns_;
  std::uint32_t first_letters_ = 0;
};

}  // namespace portvakt::html
