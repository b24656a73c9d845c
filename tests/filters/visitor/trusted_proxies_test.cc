#include "filters/visitor/trusted_proxies.h"

#include <gtest/gtest.h>

#include <string>

namespace portvakt::visitor {
namespace {

struct Case {
  std::string_view name;
  std::string_view peer;  // empty: a Unix socket
  std::string_view field;
  std::string_view value;
  std::string_view expected;  // the client, then the proxies
};

std::string origin_of(const TrustedProxies& trusted, std::string_view peer, const http::HeaderMap& headers) {
  const auto origin = trusted.find_origin(IpAddress::parse(peer), headers);
  std::string out = origin.client ? origin.client->reveal() : "nobody";
  for (const auto& proxy : origin.proxies) out += " < " + proxy.reveal();
  return out;
}

TrustedProxies ours() {
  return TrustedProxies(
      {IpNetwork::parse("10.0.0.0/8").value(), IpNetwork::parse("2001:db8:f::/48").value()});
}

TEST(TrustedProxies, FindTheClientFromTheRight) {
  constexpr std::string_view kFor = "X-Forwarded-For";
  constexpr std::string_view kForwarded = "Forwarded";
  const Case cases[] = {
      {"untrusted peer", "198.51.100.7", kFor, "192.0.2.1", "198.51.100.7"},
      {"no field", "10.0.0.1", "Accept", "*/*", "10.0.0.1"},
      {"one hop", "10.0.0.1", kFor, "192.0.2.1", "192.0.2.1"},
      {"spoofed left part", "10.0.0.1", kFor, "6.6.6.6, 192.0.2.1", "192.0.2.1"},
      {"two trusted hops", "10.0.0.1", kFor, "192.0.2.1, 10.0.0.2", "192.0.2.1 < 10.0.0.2"},
      {"three hops and a forged one", "10.0.0.1", kFor, "6.6.6.6,192.0.2.1, 10.0.0.3 ,10.0.0.2",
       "192.0.2.1 < 10.0.0.3 < 10.0.0.2"},
      {"client inside the trusted network", "10.0.0.1", kFor, "10.1.1.1, 10.0.0.2", "10.1.1.1 < 10.0.0.2"},
      {"port", "10.0.0.1", kFor, "192.0.2.1:4711", "192.0.2.1"},
      {"IPv6", "10.0.0.1", kFor, "2001:db8::1", "2001:db8::1"},
      {"IPv6 in brackets", "10.0.0.1", kFor, "[2001:db8::1]", "2001:db8::1"},
      {"IPv6 with port", "10.0.0.1", kFor, "[2001:db8::1]:80", "2001:db8::1"},
      {"zone", "10.0.0.1", kFor, "fe80::1%eth0", "fe80::1"},
      {"mapped peer", "::ffff:10.0.0.1", kFor, "192.0.2.1", "192.0.2.1"},
      {"IPv6 peer", "2001:db8:f::9", kFor, "192.0.2.1", "192.0.2.1"},
      {"unknown", "10.0.0.1", kFor, "192.0.2.1, unknown", "10.0.0.1"},
      {"unknown further left", "10.0.0.1", kFor, "unknown, 10.0.0.2", "10.0.0.2"},
      {"empty part", "10.0.0.1", kFor, "192.0.2.1, ", "10.0.0.1"},
      {"nonsense", "10.0.0.1", kFor, "192.0.2.1, <script>", "10.0.0.1"},
      {"odd number forms", "10.0.0.1", kFor, "0300.0.2.1", "10.0.0.1"},
      {"broken bracket", "10.0.0.1", kFor, "[2001:db8::1", "10.0.0.1"},
      {"port of letters", "10.0.0.1", kFor, "192.0.2.1:http", "10.0.0.1"},
      {"forwarded", "10.0.0.1", kForwarded, "for=192.0.2.1;proto=https", "192.0.2.1"},
      {"forwarded with port", "10.0.0.1", kForwarded, "for=\"[2001:db8::1]:80\"", "2001:db8::1"},
      {"forwarded obfuscated port", "10.0.0.1", kForwarded, "for=\"192.0.2.1:_x\"", "192.0.2.1"},
      {"forwarded hidden", "10.0.0.1", kForwarded, "for=192.0.2.1, for=_hidden", "10.0.0.1"},
      {"forwarded malformed", "10.0.0.1", kForwarded, "for=192.0.2.1, for=\"", "10.0.0.1"},
      {"forwarded without for", "10.0.0.1", kForwarded, "for=192.0.2.1, by=10.0.0.1", "10.0.0.1"},
      {"unix peer", "", kFor, "192.0.2.1", "192.0.2.1"},
      {"silent unix peer", "", "Accept", "*/*", "nobody"},
  };
  for (const auto& c : cases) {
    http::HeaderMap headers;
    headers.add(c.field, c.value);
    EXPECT_EQ(origin_of(ours(), c.peer, headers), c.expected) << c.name;
  }
}

TEST(TrustedProxies, ReadSeveralLinesAsOneChain) {
  http::HeaderMap headers;
  headers.add("X-Forwarded-For", "6.6.6.6, 192.0.2.1");
  headers.add("x-forwarded-for", "10.0.0.2");
  EXPECT_EQ(origin_of(ours(), "10.0.0.1", headers), "192.0.2.1 < 10.0.0.2");
}

TEST(TrustedProxies, BelieveNeitherOfTwoFieldsThatDisagree) {
  http::HeaderMap headers;
  headers.add("Forwarded", "for=6.6.6.6");
  headers.add("X-Forwarded-For", "192.0.2.1");
  EXPECT_EQ(origin_of(ours(), "10.0.0.1", headers), "10.0.0.1");
  headers.set("Forwarded", "for=192.0.2.1");
  EXPECT_EQ(origin_of(ours(), "10.0.0.1", headers), "192.0.2.1");
}

TEST(TrustedProxies, TrustNobodyWhenNoneAreNamed) {
  http::HeaderMap headers;
  headers.add("X-Forwarded-For", "192.0.2.1");
  EXPECT_EQ(origin_of(TrustedProxies(), "10.0.0.1", headers), "10.0.0.1");
  EXPECT_EQ(origin_of(TrustedProxies(), "", headers), "nobody");
}

TEST(TrustedProxies, ReadABoundedChain) {
  std::string chain = "192.0.2.1";
  for (int i = 0; i < 100; ++i) chain += ", 10.0.0.9";
  http::HeaderMap headers;
  headers.add("X-Forwarded-For", chain);
  const auto origin = ours().find_origin(IpAddress::parse("10.0.0.1"), headers);
  EXPECT_LE(origin.proxies.size(), 32U);
  EXPECT_EQ(origin.client->reveal(), "10.0.0.9");
}

}  // namespace
}  // namespace portvakt::visitor
