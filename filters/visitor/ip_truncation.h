// Cuts the host part off an address: by bits, never by text. The one maker of TruncatedIp. IPv4 inside IPv6
// (mapped, NAT64, 6to4, Teredo) is cut as IPv4, because its last bits name the same host. A value, any
// thread.
#pragma once

#include "filters/visitor/truncated_ip.h"
#include "proxy/base/address.h"

namespace portvakt::visitor {

class IpTruncation {
 public:
  /// How many leading bits are kept of each family; out of range is brought into it. 0 bits keeps no address
  /// at all.
  IpTruncation(int v4_prefix, int v6_prefix);
  IpTruncation() : IpTruncation(24, 48) {}

  TruncatedIp truncate(const IpAddress& address) const;

 private:
  int v4_prefix_;
  int v6_prefix_;
};

}  // namespace portvakt::visitor
