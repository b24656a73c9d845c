#include "filters/consent/regions.h"

#include <algorithm>

namespace portvakt::consent {
namespace {

std::string upper(std::string_view country) {
  std::string code(country);
  std::ranges::transform(code, code.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return code;
}

}  // namespace

std::string_view rule_name(RegionRule rule) {
  switch (rule) {
    case RegionRule::OptIn:
      return "opt-in";
    case RegionRule::OptOut:
      return "opt-out";
    case RegionRule::Notice:
      return "notice";
  }
  return "opt-in";
}

void Regions::set(std::string_view country, RegionRule rule) {
  rules_.insert_or_assign(upper(country), rule);
}

RegionRule Regions::rule(std::string_view country) const {
  const auto found = rules_.find(upper(country));
  return found == rules_.end() ? default_rule_ : found->second;
}

}  // namespace portvakt::consent
