// A fixed set of header field names, in lower case, that is asked of every field of every message: most are
// told off by their length alone. Compile-time constants only.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "proxy/base/ascii.h"

namespace portvakt::http {

template <std::size_t N>
class NameSet {
 public:
  explicit constexpr NameSet(const std::array<std::string_view, N>& names) : names_(names) {
    for (const auto name : names) lengths_ |= bit(name.size());
  }

  /// Ignores case.
  bool has(std::string_view name) const {
    if ((lengths_ & bit(name.size())) == 0) return false;
    for (const auto one : names_) {
      if (ascii::iequals(one, name)) return true;
    }
    return false;
  }

 private:
  static constexpr std::uint64_t bit(std::size_t length) { return std::uint64_t{1} << (length & 63U); }

  std::array<std::string_view, N> names_;
  std::uint64_t lengths_ = 0;
};

}  // namespace portvakt::http
