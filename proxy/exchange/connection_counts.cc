#include "proxy/exchange/connection_counts.h"

namespace portvakt::exchange {
namespace {

constexpr int kIpv4Prefix = 24;
constexpr int kIpv6Prefix = 48;
// Above the 48 bits of an IPv6 prefix, so that no IPv4 prefix equals one.
constexpr std::uint64_t kIpv4Mark = std::uint64_t{1} << 63;

}  // namespace

ClientNetwork ClientNetwork::of(const IpAddress& address) {
  const auto inner = address.unwrapped();
  const bool v4 = inner.family() == IpAddress::Family::V4;
  const auto prefix = static_cast<std::size_t>(v4 ? kIpv4Prefix : kIpv6Prefix);
  std::uint64_t bits = 0;
  for (const char byte : inner.bytes().substr(0, prefix / 8))
    bits = bits << 8 | static_cast<unsigned char>(byte);
  return ClientNetwork(v4 ? bits | kIpv4Mark : bits);
}

Admission ConnectionCounts::admit(std::optional<ClientNetwork> network, std::uint64_t most,
                                  std::uint64_t most_of_network) {
  const std::lock_guard lock(mutex_);
  if (open() >= most) return Admission::Full;
  if (network) {
    const auto [at, fresh] = by_network_.try_emplace(network->bits(), 0);
    if (at->second >= most_of_network) {
      if (fresh) by_network_.erase(at);
      return Admission::NetworkFull;
    }
    ++at->second;
  }
  open_.fetch_add(1, std::memory_order_relaxed);
  return Admission::Admitted;
}

void ConnectionCounts::leave(std::optional<ClientNetwork> network) {
  const std::lock_guard lock(mutex_);
  open_.fetch_sub(1, std::memory_order_relaxed);
  if (!network) return;
  const auto at = by_network_.find(network->bits());
  if (at != by_network_.end() && --at->second == 0) by_network_.erase(at);
}

std::size_t ConnectionCounts::networks() const {
  const std::lock_guard lock(mutex_);
  return by_network_.size();
}

}  // namespace portvakt::exchange
