// Network addresses as bits, not text. An IpAddress is a visitor's full address: it stays in a connection's
// memory and deliberately has no stream operator and no formatter. filters/visitor turns it into a
// TruncatedIp before anything is kept.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

struct sockaddr;

namespace portvakt {

class IpAddress {
 public:
  enum class Family : std::uint8_t { V4, V6 };

  /// The unspecified IPv4 address.
  IpAddress() = default;

  /// Dotted decimal (four parts, no leading zeros) or RFC 4291 text, without brackets, port or zone.
  static std::optional<IpAddress> parse(std::string_view text);
  static IpAddress v4(std::array<std::uint8_t, 4> bytes);
  static IpAddress v6(std::array<std::uint8_t, 16> bytes);
  /// Empty for families other than IPv4 and IPv6 (a Unix socket has no address).
  static std::optional<IpAddress> from(const sockaddr* address);

  Family family() const { return family_; }
  /// 4 or 16 bytes, network order.
  std::string_view bytes() const;
  /// With the bits after the first `prefix` ones cleared.
  IpAddress masked(int prefix) const;
  /// The IPv4 address inside an IPv4-mapped, NAT64 (64:ff9b::/96), 6to4 or Teredo address; else the address
  /// itself.
  IpAddress unwrapped() const;
  bool is_loopback() const;

  /// The full text form (RFC 5952). Named so that every use is a decision: only listeners' own addresses,
  /// trusted peers' configuration and `client_address: full` may call it.
  std::string reveal() const;

  friend bool operator==(const IpAddress&, const IpAddress&) = default;
  friend auto operator<=>(const IpAddress&, const IpAddress&) = default;

 private:
  Family family_ = Family::V4;
  std::array<std::uint8_t, 16> bytes_{};
};

/// An address block in CIDR notation.
class IpNetwork {
 public:
  /// `10.0.0.0/8`, `2001:db8::/32`, or a bare address for that one host. Host bits must be zero.
  static std::optional<IpNetwork> parse(std::string_view text);
  /// A mapped IPv4 address counts as IPv4.
  bool contains(const IpAddress& address) const;

 private:
  IpAddress base_;
  int prefix_ = 0;
};

/// `host:port`, `[v6]:port`: where to listen or connect.
struct HostPort {
  std::string host;  // without brackets
  std::uint16_t port = 0;

  static std::optional<HostPort> parse(std::string_view text, std::uint16_t default_port);
};

}  // namespace portvakt
