// What consent is given for. Four purposes are the same everywhere; a site may add its own behind them. A set
// of purposes is a small bit set, because every verdict on a page asks one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace portvakt::filters {

/// The place of a purpose in its site's list; the fixed four come first.
using Purpose = std::uint8_t;
inline constexpr Purpose kNecessary = 0;
inline constexpr Purpose kFunctional = 1;
inline constexpr Purpose kAnalytics = 2;
inline constexpr Purpose kMarketing = 3;
inline constexpr std::size_t kMaxPurposes = 16;

/// A value. `necessary` is always in it.
class PurposeSet {
 public:
  constexpr PurposeSet() = default;
  static constexpr PurposeSet from_bits(std::uint16_t bits) {
    PurposeSet set;
    set.bits_ = static_cast<std::uint16_t>(bits | 1U);
    return set;
  }
  constexpr bool has(Purpose p) const { return (bits_ >> p & 1U) != 0; }
  constexpr void add(Purpose p) { bits_ = static_cast<std::uint16_t>(bits_ | 1U << p); }
  constexpr void remove(Purpose p) { bits_ = static_cast<std::uint16_t>((bits_ & ~(1U << p)) | 1U); }
  constexpr std::uint16_t bits() const { return bits_; }
  constexpr bool only_necessary() const { return bits_ == 1; }
  friend constexpr bool operator==(PurposeSet, PurposeSet) = default;

 private:
  std::uint16_t bits_ = 1;
};

/// The names of a site's purposes, in order: as written in cookies, headers, records and configuration.
class PurposeNames {
 public:
  PurposeNames() : names_{"necessary", "functional", "analytics", "marketing"} {}

  /// Adds a purpose of the site's own; empty when the list is full. The same name twice is the same purpose.
  std::optional<Purpose> add(std::string name) {
    if (const auto known = find(name)) return known;
    if (names_.size() == kMaxPurposes) return std::nullopt;
    names_.push_back(std::move(name));
    return static_cast<Purpose>(names_.size() - 1);
  }
  std::optional<Purpose> find(std::string_view name) const {
    for (std::size_t i = 0; i < names_.size(); ++i) {
      if (names_[i] == name) return static_cast<Purpose>(i);
    }
    return std::nullopt;
  }
  const std::string& name(Purpose p) const { return names_[p]; }
  std::size_t size() const { return names_.size(); }
  PurposeSet all() const {
    return PurposeSet::from_bits(static_cast<std::uint16_t>((1UL << names_.size()) - 1));
  }

  /// `necessary, analytics`: the granted ones by name, with the given separator.
  std::string join(PurposeSet set, std::string_view separator) const {
    std::string out;
    for (std::size_t i = 0; i < names_.size(); ++i) {
      if (!set.has(static_cast<Purpose>(i))) continue;
      if (!out.empty()) out += separator;
      out += names_[i];
    }
    return out;
  }

 private:
  std::vector<std::string> names_;
};

}  // namespace portvakt::filters
