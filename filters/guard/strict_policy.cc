#include "filters/guard/strict_policy.h"

#include <set>
#include <string_view>

namespace portvakt::guard {
namespace {

/// The guard's `.host/path` as sources of a policy: paths left out, because redirects lose them anyway. A
/// policy cannot say a star inside a name.
void add_sources(std::set<std::string>& sources, std::string_view name) {
  name = name.substr(0, name.find_first_of("/?"));
  if (name.empty() || name.find_first_of("*#") != std::string_view::npos) return;
  if (!name.starts_with('.')) {
    sources.emplace(name);
    return;
  }
  sources.emplace(name.substr(1));
  sources.emplace("*" + std::string(name));
}

}  // namespace

StrictPolicy::StrictPolicy(const std::vector<GuardedName>& hosts,
                           const std::vector<std::string>& allowed_hosts) {
  std::array<std::set<std::string>, filters::kMaxPurposes> by_purpose;
  for (const auto& host : hosts) {
    if (!host.never) add_sources(by_purpose[host.purpose], host.name);
  }
  by_purpose[filters::kNecessary].insert(allowed_hosts.begin(), allowed_hosts.end());
  for (std::size_t i = 0; i < by_purpose.size(); ++i) {
    for (const auto& source : by_purpose[i]) sources_[i] += " " + source;
  }
}

std::string StrictPolicy::text(filters::PurposeSet granted) const {
  std::string out = "default-src 'self' data: blob: 'unsafe-inline' 'unsafe-eval'";
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    if (granted.has(static_cast<filters::Purpose>(i))) out += sources_[i];
  }
  return out.size() <= kMaxBytes ? out : std::string();
}

}  // namespace portvakt::guard
