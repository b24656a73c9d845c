// PROXY headers as proxies send them, as attackers would, and in every cut.
#include "proxy/net/proxy_protocol.h"

#include <gtest/gtest.h>

#include "proxy/base/crc32c.h"
#include "tests/support/chunked_feed.h"

namespace portvakt::net {
namespace {

using Speaker = ProxyHeader::Speaker;

const std::string kSignature("\r\n\r\n\0\r\nQUIT\n", 12);

/// A version 2 header around `content`, its length as it is unless said otherwise.
std::string binary(unsigned command, unsigned family, const std::string& content, int length = -1) {
  const auto said = static_cast<unsigned>(length < 0 ? static_cast<int>(content.size()) : length);
  return kSignature + static_cast<char>(command) + static_cast<char>(family) + static_cast<char>(said >> 8) +
         static_cast<char>(said & 0xFF) + content;
}

std::string field(unsigned type, const std::string& value) {
  return std::string(1, static_cast<char>(type)) + static_cast<char>(value.size() >> 8) +
         static_cast<char>(value.size() & 0xFF) + value;
}

const std::string kAddresses4("\xCB\x00\x71\x09\x0A\x00\x00\x01\x30\x39\x00\x50", 12);

std::string with_checksum(const std::string& before, const std::string& after) {
  const std::string zeros(4, '\0');
  auto header = binary(0x21, 0x11, kAddresses4 + before + field(3, zeros) + after);
  const auto at = 16 + kAddresses4.size() + before.size() + 3;
  const auto sum = crc32c(header);
  for (std::size_t i = 0; i < 4; ++i) header[at + i] = static_cast<char>(sum >> (24 - 8 * i) & 0xFF);
  return header;
}

std::string outcome(const Result<std::optional<ProxyHeader>>& parsed) {
  if (!parsed) return "refused: " + parsed.error().detail;
  if (!*parsed) return "more";
  const auto& header = **parsed;
  const auto size = " in " + std::to_string(header.size);
  if (header.speaker == Speaker::Itself) return "itself" + size;
  if (header.speaker == Speaker::Unknown) return "unknown" + size;
  return "client " + header.client.reveal() + size;
}

std::string outcome_of(std::string_view bytes) {
  return outcome(parse_proxy_header(bytes));
}

TEST(ProxyProtocol, ReadsVersion1) {
  EXPECT_EQ(outcome_of("PROXY TCP4 203.0.113.9 10.0.0.1 12345 80\r\nGET /"), "client 203.0.113.9 in 42");
  EXPECT_EQ(outcome_of("PROXY TCP6 2001:db8::9 2001:db8::1 0 65535\r\n"), "client 2001:db8::9 in 44");
  EXPECT_EQ(outcome_of("PROXY TCP6 ::ffff:203.0.113.9 ::1 1 2\r\n"), "client ::ffff:203.0.113.9 in 39");
  EXPECT_EQ(outcome_of("PROXY UNKNOWN\r\n"), "unknown in 15");
  EXPECT_EQ(outcome_of("PROXY UNKNOWN 203.0.113.9 and whatever\r\n"), "unknown in 40");
}

TEST(ProxyProtocol, ReadsVersion2) {
  EXPECT_EQ(outcome_of(binary(0x21, 0x11, kAddresses4) + "GET /"), "client 203.0.113.9 in 28");
  const std::string v6 = std::string("\x20\x01\x0D\xB8", 4) + std::string(11, '\0') + "\x09";
  EXPECT_EQ(outcome_of(binary(0x21, 0x21, v6 + std::string(20, '\0'))), "client 2001:db8::9 in 52");
  EXPECT_EQ(outcome_of(binary(0x20, 0x00, "")), "itself in 16");
  EXPECT_EQ(outcome_of(binary(0x20, 0x11, kAddresses4)), "itself in 28");
  EXPECT_EQ(outcome_of(binary(0x20, 0xFF, "xyz")), "itself in 19") << "LOCAL: the rest is passed over";
  EXPECT_EQ(outcome_of(binary(0x21, 0x00, "")), "unknown in 16");
  EXPECT_EQ(outcome_of(binary(0x21, 0x31, std::string(216, 'x'))), "unknown in 232");
}

TEST(ProxyProtocol, PassesOverFieldsWithinTheirBounds) {
  const auto fields = field(0x01, "h2") + field(0x02, "www.example.test") + field(0x04, "") +
                      field(0xE0, std::string(900, 'x'));
  EXPECT_EQ(outcome_of(binary(0x21, 0x11, kAddresses4 + fields)), "client 203.0.113.9 in 958");
  EXPECT_EQ(outcome_of(binary(0x21, 0x00, field(0x05, "id"))), "unknown in 21");
}

TEST(ProxyProtocol, VerifiesAChecksumThatIsThere) {
  const auto good = with_checksum(field(1, "h2"), field(4, "pad"));
  EXPECT_EQ(outcome_of(good), "client 203.0.113.9 in 46");
  const std::size_t type = 16 + 12 + 5;  // changed, it is no checksum any more
  for (std::size_t i = 16; i < good.size(); ++i) {
    if (i == type) continue;
    auto bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 1);
    const auto parsed = parse_proxy_header(bad);
    EXPECT_FALSE(parsed) << "byte " << i;
  }
}

struct Hostile {
  const char* name;
  std::string bytes;
};

TEST(ProxyProtocol, RefusesWhatIsNoHeader) {
  const auto head = [](const std::string& line) { return "PROXY " + line + "\r\n"; };
  const std::vector<Hostile> table = {
      {"a request", "GET / HTTP/1.1\r\n"},
      {"a TLS hello", std::string("\x16\x03\x01", 3)},
      {"lower case", "proxy TCP4 1.2.3.4 1.2.3.4 1 2\r\n"},
      {"a space before", " PROXY TCP4 1.2.3.4 1.2.3.4 1 2\r\n"},
      {"no family", head("")},
      {"another family", head("UDP4 1.2.3.4 1.2.3.4 1 2")},
      {"family in lower case", head("tcp4 1.2.3.4 1.2.3.4 1 2")},
      {"unknown with more letters", head("UNKNOWNX")},
      {"IPv6 as TCP4", head("TCP4 ::1 ::1 1 2")},
      {"IPv4 as TCP6", head("TCP6 1.2.3.4 1.2.3.4 1 2")},
      {"IPv4 and IPv6", head("TCP4 1.2.3.4 ::1 1 2")},
      {"a name", head("TCP4 localhost 1.2.3.4 1 2")},
      {"leading zeros in an address", head("TCP4 1.2.3.04 1.2.3.4 1 2")},
      {"three parts", head("TCP4 1.2.3 1.2.3.4 1 2")},
      {"a zone", head("TCP6 fe80::1%eth0 ::1 1 2")},
      {"brackets", head("TCP6 [::1] ::1 1 2")},
      {"port too high", head("TCP4 1.2.3.4 1.2.3.4 65536 2")},
      {"port with a zero before", head("TCP4 1.2.3.4 1.2.3.4 01 2")},
      {"port with a sign", head("TCP4 1.2.3.4 1.2.3.4 +1 2")},
      {"port of letters", head("TCP4 1.2.3.4 1.2.3.4 a 2")},
      {"no second port", head("TCP4 1.2.3.4 1.2.3.4 1")},
      {"a word too many", head("TCP4 1.2.3.4 1.2.3.4 1 2 3")},
      {"two spaces", head("TCP4  1.2.3.4 1.2.3.4 1 2")},
      {"a space at the end", head("TCP4 1.2.3.4 1.2.3.4 1 2 ")},
      {"a tab", head("TCP4\t1.2.3.4 1.2.3.4 1 2")},
      {"bare LF", "PROXY TCP4 1.2.3.4 1.2.3.4 1 2\n"},
      {"bare CR", "PROXY TCP4 1.2.3.4 1.2.3.4 1 2\rGET"},
      {"LF before CR LF", "PROXY UNKNOWN a\nb\r\n"},
      {"a line without end", "PROXY UNKNOWN " + std::string(200, 'x')},
      {"a line one byte too long", "PROXY UNKNOWN " + std::string(92, 'x') + "\r\n"},
      {"zero byte in an address", head(std::string("TCP4 1.2.3.4\0 1.2.3.4 1 2", 25))},
      {"version 1 as bytes", binary(0x11, 0x11, kAddresses4)},
      {"version 3", binary(0x31, 0x11, kAddresses4)},
      {"unknown command", binary(0x22, 0x11, kAddresses4)},
      {"datagrams", binary(0x21, 0x12, kAddresses4)},
      {"unknown family", binary(0x21, 0x41, std::string(36, 'x'))},
      {"unknown transport", binary(0x21, 0x13, kAddresses4)},
      {"IPv4 too short", binary(0x21, 0x11, kAddresses4.substr(1))},
      {"IPv6 too short", binary(0x21, 0x21, kAddresses4)},
      {"socket path too short", binary(0x21, 0x31, "/tmp/x")},
      {"longer than allowed", binary(0x21, 0x11, kAddresses4, 65535)},
      {"one byte longer than allowed", binary(0x21, 0x11, "", static_cast<int>(kMaxProxyHeader - 15))},
      {"LOCAL longer than allowed", binary(0x20, 0x00, "", 60000)},
      {"a field cut short", binary(0x21, 0x11, kAddresses4 + "\x01")},
      {"a field longer than the header", binary(0x21, 0x11, kAddresses4 + std::string("\x01\x00\x09h2", 5))},
      {"checksum of five bytes", binary(0x21, 0x11, kAddresses4 + field(3, "12345"))},
      {"wrong checksum", binary(0x21, 0x11, kAddresses4 + field(3, "1234"))},
      {"two checksums", with_checksum("", field(3, "1234"))},
      {"broken signature", "\r\n\r\nQUIT\n"},
  };
  for (const auto& one : table) {
    const auto parsed = parse_proxy_header(one.bytes);
    ASSERT_FALSE(parsed) << one.name << ": " << outcome(parsed);
    EXPECT_EQ(parsed.error().kind, ErrorKind::Malformed) << one.name;
    EXPECT_EQ(parsed.error().detail.find("1.2.3.4"), std::string::npos) << one.name;
  }
}

/// As the gate does: every part is put behind what came before, until there is an answer.
std::string play(const std::vector<std::string_view>& parts) {
  std::string all;
  for (const auto part : parts) {
    all += part;
    const auto said = outcome_of(all);
    if (said != "more") return said;
  }
  return "more";
}

TEST(ProxyProtocol, DoesNotDependOnCuts) {
  for (const std::string& text :
       {std::string("PROXY TCP4 203.0.113.9 10.0.0.1 12345 80\r\n"), std::string("PROXY UNKNOWN x y z\r\n"),
        binary(0x21, 0x11, kAddresses4), binary(0x20, 0x00, ""), with_checksum(field(1, "h2"), field(4, "")),
        std::string("PROXY TCP4 1.2.3.4 1.2.3.4 1 2 3\r\n"), binary(0x21, 0x11, kAddresses4 + "\x01")}) {
    for (const auto& wrong : test::differing_outcomes(text, play)) ADD_FAILURE() << wrong;
    for (std::size_t part = 0; part + 1 < text.size(); ++part) {
      if (outcome_of(text).starts_with("refused")) break;
      EXPECT_EQ(outcome_of(text.substr(0, part)), "more") << part;
    }
  }
}

TEST(ProxyProtocol, AsksForNoMoreThanItsBound) {
  for (const auto& endless : {"PROXY UNKNOWN ", "PROXY TCP4 "}) {
    EXPECT_NE(outcome_of(endless + std::string(kMaxProxyHeader, ' ')), "more");
  }
}

TEST(ProxyProtocol, WritesWhatItReads) {
  EXPECT_EQ(outcome_of(make_proxy_header(IpAddress::parse("203.0.113.0"))), "client 203.0.113.0 in 28");
  EXPECT_EQ(outcome_of(make_proxy_header(IpAddress::parse("2001:db8:1::"))), "client 2001:db8:1:: in 52");
  EXPECT_EQ(outcome_of(make_proxy_header(std::nullopt)), "itself in 16");
}

}  // namespace
}  // namespace portvakt::net
