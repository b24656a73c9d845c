#include "proxy/net/proxy_protocol.h"

#include <algorithm>
#include <array>
#include <vector>

#include "proxy/base/ascii.h"
#include "proxy/base/crc32c.h"

namespace portvakt::net {
namespace {

using Parsed = Result<std::optional<ProxyHeader>>;
using Speaker = ProxyHeader::Speaker;

constexpr std::string_view kTextStart = "PROXY ";
constexpr std::size_t kMaxText = 107;  // with its line end, as the protocol has it
constexpr std::string_view kSignature("\r\n\r\n\0\r\nQUIT\n", 12);
constexpr std::size_t kFixed = 16;  // signature, version and command, family, length

constexpr std::uint8_t kLocal = 0x20;
constexpr std::uint8_t kProxy = 0x21;
constexpr std::uint8_t kUnspecified = 0x00;
constexpr std::uint8_t kTcp4 = 0x11;
constexpr std::uint8_t kTcp6 = 0x21;
constexpr std::uint8_t kUnixStream = 0x31;
constexpr std::uint8_t kChecksum = 0x03;

auto malformed(const char* what) {
  return failure(ErrorKind::Malformed, std::string("PROXY protocol: ") + what, ErrorSide::Client);
}

std::uint8_t byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint8_t>(bytes[at]);
}

std::size_t number_at(std::string_view bytes, std::size_t at) {
  return static_cast<std::size_t>(byte_at(bytes, at)) << 8 | byte_at(bytes, at + 1);
}

std::optional<IpAddress> address_of(std::string_view word, IpAddress::Family family) {
  const auto address = IpAddress::parse(word);
  if (!address || address->family() != family) return std::nullopt;
  return address;
}

bool is_port(std::string_view word) {
  const auto number = ascii::parse_uint(word);
  return number && *number <= 65535 && std::to_string(*number) == word;
}

/// The words of the line, parted by single spaces; two spaces make an empty word, which nothing takes.
std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  while (true) {
    const auto space = line.find(' ');
    words.push_back(line.substr(0, space));
    if (space == std::string_view::npos) return words;
    line.remove_prefix(space + 1);
  }
}

Parsed parse_line(std::string_view line, std::size_t size) {
  const auto words = words_of(line);
  ProxyHeader header;
  header.size = size;
  if (words[0] == "UNKNOWN") return header;  // what follows the word is to be passed over
  const bool v4 = words[0] == "TCP4";
  if (!v4 && words[0] != "TCP6") return malformed("unknown address family");
  if (words.size() != 5) return malformed("two addresses and two ports are expected");
  const auto family = v4 ? IpAddress::Family::V4 : IpAddress::Family::V6;
  const auto source = address_of(words[1], family);
  if (!source || !address_of(words[2], family)) return malformed("an address cannot be read");
  if (!is_port(words[3]) || !is_port(words[4])) return malformed("a port cannot be read");
  header.speaker = Speaker::Client;
  header.client = *source;
  return header;
}

Parsed parse_text(std::string_view bytes) {
  const auto line = bytes.substr(0, kMaxText);
  const auto end = line.find_first_of("\r\n");
  if (end == std::string_view::npos) {
    if (line.size() == kMaxText) return malformed("the line is too long");
    return std::optional<ProxyHeader>();
  }
  if (line[end] == '\n') return malformed("the line does not end in CR LF");
  if (end + 1 == line.size()) {
    if (line.size() == kMaxText) return malformed("the line is too long");
    return std::optional<ProxyHeader>();
  }
  if (line[end + 1] != '\n') return malformed("the line does not end in CR LF");
  return parse_line(line.substr(kTextStart.size(), end - kTextStart.size()), end + 2);
}

/// The checksum is that of the whole header with zeros in its own place.
bool checksum_holds(std::string_view header, std::size_t at) {
  std::uint32_t said = 0;
  for (std::size_t i = 0; i < 4; ++i) said = said << 8 | byte_at(header, at + i);
  std::uint32_t sum = crc32c(header.substr(0, at));
  sum = crc32c(std::string_view("\0\0\0\0", 4), sum);
  return crc32c(header.substr(at + 4), sum) == said;
}

/// Looks at further fields only as far as their own bounds and the checksum: what they say is not used.
Result<void> check_fields(std::string_view header, std::size_t at) {
  bool checked = false;
  while (at < header.size()) {
    if (header.size() - at < 3) return malformed("a field is cut short");
    const auto type = byte_at(header, at);
    const auto length = number_at(header, at + 1);
    at += 3;
    if (length > header.size() - at) return malformed("a field is longer than its header");
    if (type == kChecksum) {
      if (checked || length != 4) return malformed("the checksum is not four bytes, once");
      if (!checksum_holds(header, at)) return malformed("the checksum does not hold");
      checked = true;
    }
    at += length;
  }
  return {};
}

/// How many bytes of addresses a family has; empty: a family that carries no stream.
std::optional<std::size_t> address_bytes(std::uint8_t family) {
  switch (family) {
    case kUnspecified:
      return 0;
    case kTcp4:
      return 12;
    case kTcp6:
      return 36;
    case kUnixStream:
      return 216;
    default:
      return std::nullopt;
  }
}

IpAddress source_of(std::string_view header, std::uint8_t family) {
  if (family == kTcp4) {
    std::array<std::uint8_t, 4> bytes{};
    std::copy_n(header.begin() + kFixed, bytes.size(), bytes.begin());
    return IpAddress::v4(bytes);
  }
  std::array<std::uint8_t, 16> bytes{};
  std::copy_n(header.begin() + kFixed, bytes.size(), bytes.begin());
  return IpAddress::v6(bytes);
}

Parsed parse_whole(std::string_view whole) {
  ProxyHeader header;
  header.size = whole.size();
  if (byte_at(whole, 12) == kLocal) {
    header.speaker = Speaker::Itself;  // addresses and fields of any kind are to be passed over
    return header;
  }
  const auto family = byte_at(whole, 13);
  const auto addresses = address_bytes(family);
  if (!addresses) return malformed("unknown address family");
  if (whole.size() - kFixed < *addresses) return malformed("the addresses are cut short");
  if (const auto checked = check_fields(whole, kFixed + *addresses); !checked) {
    return tl::unexpected(checked.error());
  }
  if (family == kTcp4 || family == kTcp6) {
    header.speaker = Speaker::Client;
    header.client = source_of(whole, family);
  }
  return header;
}

Parsed parse_binary(std::string_view bytes) {
  if (bytes.size() > 12 && byte_at(bytes, 12) != kLocal && byte_at(bytes, 12) != kProxy) {
    return malformed("unknown version or command");
  }
  if (bytes.size() < kFixed) return std::optional<ProxyHeader>();
  const auto size = kFixed + number_at(bytes, 14);
  if (size > kMaxProxyHeader) return malformed("the header is too long");
  if (bytes.size() < size) return std::optional<ProxyHeader>();
  return parse_whole(bytes.substr(0, size));
}

}  // namespace

Parsed parse_proxy_header(std::string_view bytes) {
  const auto starts_like = [bytes](std::string_view start) {
    const auto common = std::min(bytes.size(), start.size());
    return bytes.substr(0, common) == start.substr(0, common);
  };
  if (bytes.empty()) return std::optional<ProxyHeader>();
  if (starts_like(kTextStart)) {
    return bytes.size() < kTextStart.size() ? Parsed(std::optional<ProxyHeader>()) : parse_text(bytes);
  }
  if (starts_like(kSignature)) return parse_binary(bytes);
  return malformed("the connection does not begin with a header");
}

std::string make_proxy_header(const std::optional<IpAddress>& client) {
  std::string header(kSignature);
  if (!client) return header + std::string("\x20\0\0\0", 4);
  const bool v4 = client->family() == IpAddress::Family::V4;
  const std::size_t length = v4 ? 12 : 36;
  header += static_cast<char>(kProxy);
  header += static_cast<char>(v4 ? kTcp4 : kTcp6);
  header += '\0';
  header += static_cast<char>(length);
  header += client->bytes();
  header.resize(kFixed + length, '\0');
  return header;
}

}  // namespace portvakt::net
