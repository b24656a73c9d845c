#include "config/value.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "config/address_value.h"
#include "config/option_text.h"
#include "config/structure_scan.h"
#include "config/units.h"

namespace portvakt::config {
namespace {

TEST(Units, ReadDurations) {
  EXPECT_EQ(parse_duration("1500ms"), 1500U);
  EXPECT_EQ(parse_duration("10 s"), 10'000U);
  EXPECT_EQ(parse_duration("2M"), 120'000U);
  EXPECT_EQ(parse_duration("1w"), parse_duration("7d"));
  EXPECT_EQ(parse_duration("0"), 0U);
  for (const auto wrong :
       {"", "s", "10", "1.5s", "-1s", "10 s s", "99999999999999999999s", "9223372036854775807d"}) {
    EXPECT_FALSE(parse_duration(wrong)) << wrong;
  }
}

TEST(Units, ReadSizes) {
  EXPECT_EQ(parse_size("512"), 512U);
  EXPECT_EQ(parse_size("512B"), 512U);
  EXPECT_EQ(parse_size("1kib"), 1024U);
  EXPECT_EQ(parse_size("1KB"), 1000U);
  EXPECT_EQ(parse_size("2TiB"), std::uint64_t{2} << 40);
  for (const auto wrong : {"", "KiB", "1K", "1.5MiB", "-1", "99999999999TiB"})
    EXPECT_FALSE(parse_size(wrong)) << wrong;
}

TEST(Units, WriteWhatTheyRead) {
  for (const auto text : {"100ms", "10s", "90s", "1h", "30d"})
    EXPECT_EQ(format_duration(*parse_duration(text)), text);
  for (const auto text : {"1B", "1000B", "32KiB", "1GiB"}) EXPECT_EQ(format_size(*parse_size(text)), text);
}

TEST(DidYouMean, FindsTheNearestWordWithinTwoEdits) {
  EXPECT_EQ(did_you_mean("upstrems", {"hosts", "upstreams"}), "did you mean `upstreams`?");
  EXPECT_EQ(did_you_mean("upstr", {"hosts", "upstreams"}), "");
  EXPECT_EQ(did_you_mean("xy", {"on"}), "");
}

TEST(AddressValue, ReadsListenAddresses) {
  EXPECT_EQ(parse_tcp_address("[::]:443")->tcp.host, "::");
  EXPECT_EQ(parse_tcp_address("0.0.0.0:0")->tcp.port, 0);
  for (const auto wrong :
       {"", ":", "8080", "[::1]", "[::1]:", "1.2.3:80", "a.test:80", "127.0.0.1:80x", "127.0.0.1: 80"}) {
    EXPECT_FALSE(parse_tcp_address(wrong)) << wrong;
  }
}

TEST(AddressValue, ReadsUpstreamsWithTheirDefaultPorts) {
  EXPECT_EQ(parse_upstream("HTTP://app.internal/")->address.port, 80);
  EXPECT_EQ(parse_upstream("https://app.internal")->address.port, 443);
  EXPECT_EQ(parse_upstream("http://app_1:8080")->address.host, "app_1");
  for (const auto wrong : {"http://a b", "http:/a", "http://a:99999", "http://[::1", "http://1.2.3",
                           "http://a?x", "http://-a"}) {
    EXPECT_FALSE(parse_upstream(wrong)) << wrong;
  }
}

TEST(AddressValue, ReadsPathsThatBrowsersWouldNotChange) {
  EXPECT_TRUE(parse_url_path("/.privacy/"));
  EXPECT_TRUE(parse_url_path("/a/b-c_d/"));
  for (const auto wrong :
       {"", "/", "//a/", "/a", "a/", "/a//b/", "/a/../b/", "/a b/", "/a?b/", "/%61/", "/\"/"}) {
    EXPECT_FALSE(parse_url_path(wrong)) << wrong;
  }
}

TEST(AddressValue, ReadsLinksThatAreSafeInAPage) {
  EXPECT_TRUE(parse_link("/privacy?lang=nb#top"));
  EXPECT_TRUE(parse_link("https://www.example.test/privacy"));
  for (const auto wrong :
       {"privacy", "//evil.test/", "javascript:x", "data:text/html,x", "https://", "https:// a", "/a\"b"}) {
    EXPECT_FALSE(parse_link(wrong)) << wrong;
  }
}

TEST(AddressValue, ReadsRedisUrlsOfTheKnownSchemes) {
  for (const auto right : {"redis://h", "rediss://:p@h:1/0", "unix:/run/redis.sock", "redis+sentinel://a,b/m",
                           "redis+cluster://a,b"}) {
    EXPECT_TRUE(parse_redis_url(right)) << right;
  }
  for (const auto wrong : {"", "redis:", "redis://", "h:6379", "unix:", "redis://a b", "http://h"}) {
    EXPECT_FALSE(parse_redis_url(wrong)) << wrong;
  }
}

TEST(StructureScan, TakesQuotesWithinTextsAsText) {
  for (const auto text :
       {"a: it's\n", "a: 5\" wide\n", "a: 'it''s'\n", "a: \"x\\\\\"\n", "a: \"x\\\"y\"\n", "# don't\na: 1\n",
        "a: [\"x\", 'y']\n", "a: {b: 'c', \"d\": e}\n", "- 'a'\n- \"b\n  c\"\n", "a:\n  'b'\n"}) {
    EXPECT_FALSE(scan_structure(text)) << text;
  }
}

TEST(StructureScan, FindsTheQuoteThatIsNeverClosed) {
  for (const auto text : {"a: 'b\n", "a: [b, \"c]\n", "- \"\\\"\n", "{\"a: 1}\n", "a: 'it''s\n"}) {
    EXPECT_TRUE(scan_structure(text)) << text;
  }
}

TEST(StructureScan, CountsOnlyWhatNests) {
  std::string flat = "a:\n";
  for (int i = 0; i < 1000; ++i) flat += "  - {b: [1, 2], c: '[[[[', d: x-y} # [[[[\n";
  EXPECT_FALSE(scan_structure(flat));
  EXPECT_TRUE(scan_structure(std::string(40, '[')));
  std::string dashes;
  for (int i = 0; i < 40; ++i) dashes += "- ";
  EXPECT_TRUE(scan_structure(dashes));
}

}  // namespace
}  // namespace portvakt::config
