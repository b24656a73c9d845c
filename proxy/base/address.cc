#include "proxy/base/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <cstring>

#include "proxy/base/ascii.h"

namespace portvakt {

IpAddress IpAddress::v4(std::array<std::uint8_t, 4> bytes) {
  IpAddress address;
  std::ranges::copy(bytes, address.bytes_.begin());
  return address;
}

IpAddress IpAddress::v6(std::array<std::uint8_t, 16> bytes) {
  IpAddress address;
  address.family_ = Family::V6;
  address.bytes_ = bytes;
  return address;
}

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  // The longest text form is 45 characters; inet_pton wants a terminated string.
  std::array<char, 46> terminated{};
  if (text.size() >= terminated.size() || ascii::contains(text, std::string_view("\0", 1)))
    return std::nullopt;
  std::ranges::copy(text, terminated.begin());
  std::array<std::uint8_t, 4> four{};
  if (inet_pton(AF_INET, terminated.data(), four.data()) == 1) return v4(four);
  std::array<std::uint8_t, 16> sixteen{};
  if (inet_pton(AF_INET6, terminated.data(), sixteen.data()) == 1) return v6(sixteen);
  return std::nullopt;
}

std::optional<IpAddress> IpAddress::from(const sockaddr* address) {
  if (address->sa_family == AF_INET) {
    std::array<std::uint8_t, 4> bytes{};
    std::memcpy(bytes.data(), &reinterpret_cast<const sockaddr_in*>(address)->sin_addr, bytes.size());
    return v4(bytes);
  }
  if (address->sa_family == AF_INET6) {
    std::array<std::uint8_t, 16> bytes{};
    std::memcpy(bytes.data(), &reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr, bytes.size());
    return v6(bytes);
  }
  return std::nullopt;
}

std::string_view IpAddress::bytes() const {
  return {reinterpret_cast<const char*>(bytes_.data()), family_ == Family::V4 ? 4U : 16U};
}

IpAddress IpAddress::masked(int prefix) const {
  IpAddress out = *this;
  const int length = family_ == Family::V4 ? 4 : 16;
  for (int i = 0; i < length; ++i) {
    const int kept = std::clamp(prefix - 8 * i, 0, 8);
    out.bytes_[static_cast<std::size_t>(i)] &= static_cast<std::uint8_t>(0xff00 >> kept);
  }
  return out;
}

IpAddress IpAddress::unwrapped() const {
  if (family_ == Family::V4) return *this;
  const auto starts_with = [this](std::initializer_list<std::uint8_t> prefix) {
    return std::equal(prefix.begin(), prefix.end(), bytes_.begin());
  };
  const auto four_from = [this](std::size_t at, std::uint8_t flip) {
    return v4({static_cast<std::uint8_t>(bytes_[at] ^ flip), static_cast<std::uint8_t>(bytes_[at + 1] ^ flip),
               static_cast<std::uint8_t>(bytes_[at + 2] ^ flip),
               static_cast<std::uint8_t>(bytes_[at + 3] ^ flip)});
  };
  if (starts_with({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}))
    return four_from(12, 0);  // RFC 4291 section 2.5.5.2
  if (starts_with({0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0})) return four_from(12, 0);  // RFC 6052
  if (starts_with({0x20, 0x02})) return four_from(2, 0);                                    // RFC 3056
  if (starts_with({0x20, 0x01, 0, 0})) return four_from(12, 0xff);  // RFC 4380 section 4
  return *this;
}

bool IpAddress::is_loopback() const {
  const IpAddress plain = unwrapped();
  if (plain.family_ == Family::V4) return plain.bytes_[0] == 127;
  return std::all_of(plain.bytes_.begin(), plain.bytes_.begin() + 15, [](auto b) { return b == 0; }) &&
         plain.bytes_[15] == 1;
}

std::string IpAddress::reveal() const {
  if (family_ == Family::V4) {
    std::array<char, INET_ADDRSTRLEN> dotted;
    char* end = dotted.data();
    for (std::size_t i = 0; i < 4; ++i) {
      if (i > 0) *end++ = '.';
      end = std::to_chars(end, dotted.data() + dotted.size(), bytes_[i]).ptr;
    }
    return {dotted.data(), end};
  }
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(AF_INET6, bytes_.data(), text.data(), text.size());
  return text.data();
}

std::optional<IpNetwork> IpNetwork::parse(std::string_view text) {
  const auto slash = text.find('/');
  const auto base = IpAddress::parse(text.substr(0, slash));
  if (!base) return std::nullopt;
  IpNetwork network;
  network.base_ = *base;
  network.prefix_ = base->family() == IpAddress::Family::V4 ? 32 : 128;
  if (slash != std::string_view::npos) {
    const auto prefix = ascii::parse_uint(text.substr(slash + 1));
    if (!prefix || *prefix > static_cast<std::uint64_t>(network.prefix_)) return std::nullopt;
    network.prefix_ = static_cast<int>(*prefix);
  }
  if (network.base_ != network.base_.masked(network.prefix_)) return std::nullopt;
  return network;
}

bool IpNetwork::contains(const IpAddress& address) const {
  const auto in = [this](const IpAddress& a) {
    return a.family() == base_.family() && a.masked(prefix_) == base_;
  };
  return in(address) || in(address.unwrapped());
}

std::optional<HostPort> HostPort::parse(std::string_view text, std::uint16_t default_port) {
  HostPort out;
  out.port = default_port;
  std::string_view port;
  if (text.starts_with('[')) {
    const auto close = text.find(']');
    if (close == std::string_view::npos) return std::nullopt;
    out.host = text.substr(1, close - 1);
    if (!IpAddress::parse(out.host)) return std::nullopt;
    port = text.substr(close + 1);
  } else {
    const auto colon = text.find(':');
    out.host = text.substr(0, colon);
    port = colon == std::string_view::npos ? std::string_view() : text.substr(colon);
  }
  if (out.host.empty()) return std::nullopt;
  if (port.empty()) return out;
  const auto number = ascii::parse_uint(port.substr(1));
  if (!number || *number > 65535) return std::nullopt;
  out.port = static_cast<std::uint16_t>(*number);
  return out;
}

}  // namespace portvakt
