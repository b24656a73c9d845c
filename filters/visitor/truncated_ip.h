// A visitor's address with its host part cut off: the only form of an address that may be kept. Only
// IpTruncation makes one, so no other code can put a full address where a truncated one belongs.
#pragma once

#include <string>

#include "proxy/base/address.h"

namespace portvakt::visitor {

class TruncatedIp {
 public:
  /// No address known (a Unix socket peer), or none kept.
  TruncatedIp() = default;
  bool known() const { return known_; }
  /// RFC 5952 text such as `192.0.2.0` or `2001:db8:1::`; empty if not known.
  std::string text() const { return known_ ? address_.reveal() : std::string(); }
  bool is_v6() const { return address_.family() == IpAddress::Family::V6; }
  friend bool operator==(const TruncatedIp&, const TruncatedIp&) = default;

 private:
  friend class IpTruncation;
  explicit TruncatedIp(const IpAddress& masked) : known_(true), address_(masked) {}

  bool known_ = false;
  IpAddress address_;
};

}  // namespace portvakt::visitor
