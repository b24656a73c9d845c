#include "filters/visitor/ip_truncation.h"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>

namespace portvakt::visitor {
namespace {

std::string truncated(std::string_view address, IpTruncation truncation = IpTruncation()) {
  return truncation.truncate(IpAddress::parse(address).value()).text();
}

TEST(IpTruncation, KeepsTheNetworkAlone) {
  EXPECT_EQ(truncated("192.0.2.123"), "192.0.2.0");
  EXPECT_EQ(truncated("255.255.255.255"), "255.255.255.0");
  EXPECT_EQ(truncated("2001:db8:1234:5678:9abc:def0:1234:5678"), "2001:db8:1234::");
  EXPECT_EQ(truncated("::1"), "::");
  EXPECT_EQ(truncated("2001:DB8::FFFF"), "2001:db8::");
}

TEST(IpTruncation, CutsEmbeddedIpv4AsIpv4) {
  EXPECT_EQ(truncated("::ffff:192.0.2.123"), "192.0.2.0");
  EXPECT_EQ(truncated("64:ff9b::192.0.2.123"), "192.0.2.0");
  EXPECT_EQ(truncated("2002:c000:027b::1"), "192.0.2.0");
  EXPECT_EQ(truncated("2001:0:4136:e378:8000:63bf:3fff:fd84"), "192.0.2.0") << "Teredo holds it inverted";
}

TEST(IpTruncation, TakesOtherPrefixes) {
  EXPECT_EQ(truncated("192.0.2.123", IpTruncation(16, 32)), "192.0.0.0");
  EXPECT_EQ(truncated("2001:db8:1234::1", IpTruncation(16, 32)), "2001:db8::");
  EXPECT_EQ(truncated("192.0.2.255", IpTruncation(25, 56)), "192.0.2.128");
  EXPECT_EQ(truncated("2001:db8:1:ffff::1", IpTruncation(24, 56)), "2001:db8:1:ff00::");
  EXPECT_EQ(truncated("192.0.2.123", IpTruncation(99, 999)), "192.0.2.123");
}

TEST(IpTruncation, KeepsNoAddressAtZeroBits) {
  const auto address = IpAddress::parse("192.0.2.1").value();
  EXPECT_FALSE(IpTruncation(0, 0).truncate(address).known());
  EXPECT_EQ(IpTruncation(0, 0).truncate(address).text(), "");
}

TEST(IpTruncation, GivesOneResultForEveryHostOfANetworkAndOtherwiseAnother) {
  std::mt19937 random(20260612);
  for (int round = 0; round < 20'000; ++round) {
    std::array<std::uint8_t, 4> bytes{};
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
    auto neighbour = bytes;
    neighbour[3] = static_cast<std::uint8_t>(random());
    auto stranger = bytes;
    stranger[random() % 3] ^= 1;
    const IpTruncation truncation;
    const auto cut = truncation.truncate(IpAddress::v4(bytes));
    EXPECT_EQ(cut, truncation.truncate(IpAddress::v4(neighbour)));
    EXPECT_NE(cut, truncation.truncate(IpAddress::v4(stranger)));
    EXPECT_TRUE(cut.text().ends_with(".0"));

    std::array<std::uint8_t, 16> mapped{0, 0, 0,    0,    0,        0,        0,        0,
                                        0, 0, 0xff, 0xff, bytes[0], bytes[1], bytes[2], bytes[3]};
    EXPECT_EQ(cut, truncation.truncate(IpAddress::v6(mapped)));
  }
}

TEST(IpTruncation, LeavesNoHostBitOfAnIpv6Address) {
  std::mt19937 random(20260613);
  for (int round = 0; round < 20'000; ++round) {
    std::array<std::uint8_t, 16> bytes{};
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
    bytes[0] = 0x2a;  // not one of the forms that hold an IPv4 address
    auto neighbour = bytes;
    for (std::size_t i = 6; i < 16; ++i) neighbour[i] = static_cast<std::uint8_t>(random());
    const IpTruncation truncation;
    EXPECT_EQ(truncation.truncate(IpAddress::v6(bytes)), truncation.truncate(IpAddress::v6(neighbour)));
    EXPECT_TRUE(truncation.truncate(IpAddress::v6(bytes)).text().ends_with("::"));
  }
}

}  // namespace
}  // namespace portvakt::visitor
