#include "filters/visitor/ip_truncation.h"

#include <algorithm>

namespace portvakt::visitor {

IpTruncation::IpTruncation(int v4_prefix, int v6_prefix)
    : v4_prefix_(std::clamp(v4_prefix, 0, 32)), v6_prefix_(std::clamp(v6_prefix, 0, 128)) {}

TruncatedIp IpTruncation::truncate(const IpAddress& address) const {
  const IpAddress plain = address.unwrapped();
  const int prefix = plain.family() == IpAddress::Family::V4 ? v4_prefix_ : v6_prefix_;
  if (prefix == 0) return {};
  return TruncatedIp(plain.masked(prefix));
}

}  // namespace portvakt::visitor
