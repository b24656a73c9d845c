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

void Regions::set(std::string_view country, RegionRule rule) {
  rules_.insert_or_assign(upper(country), rule);
}

RegionRule Regions::rule(std::string_view country) const {
  const auto found = rules_.find(upper(country));
  return found == rules_.end() ? default_rule_ : found->second;
}

}  // namespace portvakt::consent
