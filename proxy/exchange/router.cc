#include "proxy/exchange/router.h"

#include <algorithm>
#include <array>

#include "proxy/base/ascii.h"

namespace portvakt::exchange {
namespace {

/// The longest DNS name in text; longer hosts belong to no site.
constexpr std::size_t kMaxHost = 253;

/// Without port and the root's trailing dot.
std::string_view host_of(std::string_view authority) {
  if (authority.starts_with('[')) return authority.substr(0, authority.find(']') + 1);
  auto host = authority.substr(0, authority.rfind(':'));
  if (host.ends_with('.')) host.remove_suffix(1);
  return host;
}

}  // namespace

void Router::add(const Site& site) {
  for (const auto& host : site.hosts) {
    if (host == "*") {
      if (any_ == nullptr) any_ = &site;
    } else if (host.starts_with("*.")) {
      suffixes_.try_emplace(host.substr(1), &site);
    } else {
      exact_.try_emplace(host, &site);
    }
  }
}

const Site* Router::find(std::string_view authority) const {
  const auto written = host_of(authority);
  if (written.empty() || written.size() > kMaxHost) return any_;
  std::array<char, kMaxHost> lowered;
  std::ranges::transform(written, lowered.begin(), ascii::to_lower);
  const std::string_view host(lowered.data(), written.size());
  if (const auto found = exact_.find(host); found != exact_.end()) return found->second;
  for (auto dot = host.find('.'); dot != std::string_view::npos; dot = host.find('.', dot + 1)) {
    if (const auto found = suffixes_.find(host.substr(dot)); found != suffixes_.end()) return found->second;
  }
  return any_;
}

}  // namespace portvakt::exchange
