#include "proxy/base/address.h"

#include <gtest/gtest.h>

namespace portvakt {
namespace {

IpAddress ip(std::string_view text) {
  return *IpAddress::parse(text);
}

TEST(IpAddress, ReadsAndWritesCanonicalText) {
  EXPECT_EQ(ip("2001:DB8:0:0::1").reveal(), "2001:db8::1");
  for (const auto* bad :
       {"", "1.2.3", "1.2.3.4.5", "01.2.3.4", "1.2.3.4:80", "[::1]", "::1%eth0", "::1 ", "fe80::1::2"}) {
    EXPECT_FALSE(IpAddress::parse(bad)) << bad;
  }
  EXPECT_FALSE(IpAddress::parse(std::string_view("1.2.3.4\0", 8)));
}

TEST(IpAddress, ClearsHostBitsAtEveryPrefixLength) {
  const auto all_ones = ip("255.255.255.255");
  for (int prefix = 0; prefix <= 32; ++prefix) {
    const auto masked = all_ones.masked(prefix);
    int bits = 0;
    for (const char byte : masked.bytes()) bits += __builtin_popcount(static_cast<unsigned char>(byte));
    EXPECT_EQ(bits, prefix);
    EXPECT_EQ(masked.masked(prefix), masked);
  }
}

TEST(IpAddress, FindsTheIpv4AddressInsideIpv6Forms) {
  for (const auto* form : {"::ffff:192.0.2.33", "64:ff9b::192.0.2.33",
                           "2002:c000:221::", "2001:0:4136:e378:8000:63bf:3fff:fdde"}) {
    EXPECT_EQ(ip(form).unwrapped().reveal(), "192.0.2.33") << form;
  }
  EXPECT_EQ(ip("2001:db8::1").unwrapped(), ip("2001:db8::1"));
}

TEST(IpNetwork, ContainsByBitsAlsoForMappedAddresses) {
  const auto net = *IpNetwork::parse("10.0.0.0/8");
  EXPECT_TRUE(net.contains(ip("10.255.0.1")));
  EXPECT_TRUE(net.contains(ip("::ffff:10.1.2.3")));
  EXPECT_FALSE(net.contains(ip("11.0.0.1")));
  for (const auto* bad : {"10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/", "x/8"})
    EXPECT_FALSE(IpNetwork::parse(bad)) << bad;
}

TEST(HostPort, ReadsNamesAddressesAndBrackets) {
  EXPECT_EQ(HostPort::parse("[::1]:80", 1)->host, "::1");
  EXPECT_EQ(HostPort::parse("a.test", 443)->port, 443);
  for (const auto* bad : {"", ":80", "a:", "a:b", "a:70000", "[::1"})
    EXPECT_FALSE(HostPort::parse(bad, 1)) << bad;
}

}  // namespace
}  // namespace portvakt
