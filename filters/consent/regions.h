// What holds before a visitor has chosen, by the country of the request. Opt-in everywhere unless the
// operator says otherwise. A value; no I/O.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace portvakt::consent {

enum class RegionRule : std::uint8_t {
  OptIn,   // nothing but `necessary` until the visitor says yes; the banner asks
  OptOut,  // every offered purpose until the visitor says no; the banner asks
  Notice,  // every offered purpose until the visitor says no; no banner, only the way to the choices
};

/// As the configuration writes it.
std::string_view rule_name(RegionRule rule);

class Regions {
 public:
  Regions() = default;
  explicit Regions(RegionRule default_rule) : default_rule_(default_rule) {}

  /// `country` is an ISO 3166-1 alpha-2 code; case does not matter.
  void set(std::string_view country, RegionRule rule);
  /// An unknown country (empty) has the default.
  RegionRule rule(std::string_view country) const;

 private:
  RegionRule default_rule_ = RegionRule::OptIn;
  std::map<std::string, RegionRule, std::less<>> rules_;
};

}  // namespace portvakt::consent
