#include "proxy/http/url.h"

#include <gtest/gtest.h>

namespace portvakt::http {
namespace {

using Kind = ParsedUrl::Kind;

const ParsedUrl kPage = parse_url("https://www.example.test/shop/page.html?x=1");

struct Spelling {
  std::string_view input;
  std::string_view host;
  std::string_view path;
};

TEST(Url, ReadsOddSpellingsAsBrowsersDo) {
  const Spelling spellings[] = {
      {"https://www.google-analytics.com/ga.js", "www.google-analytics.com", "/ga.js"},
      {"//www.google-analytics.com/ga.js", "www.google-analytics.com", "/ga.js"},
      {"\\\\www.google-analytics.com\\ga.js", "www.google-analytics.com", "/ga.js"},
      {"/\\www.google-analytics.com/ga.js", "www.google-analytics.com", "/ga.js"},
      {"HTTPS:\\\\WWW.Google-Analytics.COM/ga.js", "www.google-analytics.com", "/ga.js"},
      {"http:www.google-analytics.com/ga.js", "www.google-analytics.com", "/ga.js"},
      {"http:////www.google-analytics.com/ga.js", "www.google-analytics.com", "/ga.js"},
      {" \x01 https://www.goo\n\tgle-analytics.com/g\ra.js ", "www.google-analytics.com", "/ga.js"},
      {"ht\ntps://www.google-analytics.com/ga.js", "www.google-analytics.com", "/ga.js"},
      {"https://user:pass@www.google-analytics.com:443/ga.js", "www.google-analytics.com", "/ga.js"},
      {"https://example.test@www.google-analytics.com/ga.js", "www.google-analytics.com", "/ga.js"},
      {"https://www.google-analytics.com\\@example.test/ga.js", "www.google-analytics.com",
       "/@example.test/ga.js"},
      {"https://www.g%6fogle-analytics.com/ga.js", "www.google-analytics.com", "/ga.js"},
      {"https://\xEF\xBD\x87oogle.com/ga.js", "google.com", "/ga.js"},
      {"https://www\xE3\x80\x82google.com/", "www.google.com", "/"},
      {"https://b\xC3\xBC"
       "cher.example/",
       "xn--bcher-kva.example", "/"},
      {"https://www.google-analytics.com./ga.js", "www.google-analytics.com.", "/ga.js"},
      {"https://0x7f.1/", "127.0.0.1", "/"},
      {"https://017700000001/", "127.0.0.1", "/"},
      {"https://2130706433/", "127.0.0.1", "/"},
      {"https://[2001:DB8:0:0:0:0:0:1]/", "[2001:db8::1]", "/"},
      {"https://[::ffff:1.2.3.4]/", "[::ffff:102:304]", "/"},
      {"https:img.png", "www.example.test", "/shop/img.png"},
      {"img.png", "www.example.test", "/shop/img.png"},
      {"../a/./b/%2e%2E/c", "www.example.test", "/a/c"},
      {"/x/..", "www.example.test", "/"},
      {"?q", "www.example.test", "/shop/page.html"},
      {"#frag", "www.example.test", "/shop/page.html"},
      {"", "www.example.test", "/shop/page.html"},
  };
  for (const auto& [input, host, path] : spellings) {
    const ParsedUrl url = parse_url(input, &kPage);
    EXPECT_EQ(url.kind, Kind::Network) << input;
    EXPECT_EQ(url.host, host) << input;
    EXPECT_EQ(url.path, path) << input;
  }
}

TEST(Url, KeepsALabelThatIdnRefuses) {
  // Refusing the whole address would hide the known domain behind the odd label from the rules.
  const ParsedUrl url = parse_url("https://\xE2\x80\x8D-.hotjar.com/x", &kPage);
  EXPECT_EQ(url.kind, Kind::Network);
  EXPECT_TRUE(url.host.ends_with(".hotjar.com"));
}

TEST(Url, RecognisesAddressesThatContactNobody) {
  for (const std::string_view input : {"data:text/html,x", "JavaScript:alert(1)", "java\nscript:alert(1)",
                                       "about:blank", "blob:https://example.test/1", "file:///etc/hosts"}) {
    EXPECT_EQ(parse_url(input, &kPage).kind, Kind::Local) << input;
  }
  EXPECT_EQ(parse_url("mailto:a@example.test", &kPage).kind, Kind::Other);
}

TEST(Url, RefusesWhatBrowsersRefuse) {
  for (const std::string_view input :
       {"https://", "https:///", "https://exa mple/", "https://a:99999/", "https://a:b/", "https://[::1/",
        "https://1.2.3.256/", "https://a%00b/", "https://a<b/", "https://1.2.3.4.5/"}) {
    EXPECT_EQ(parse_url(input).kind, Kind::Invalid) << input;
  }
  EXPECT_EQ(parse_url("relative", nullptr).kind, Kind::Invalid);
}

TEST(Url, DropsTheDefaultPortOnly) {
  EXPECT_EQ(parse_url("https://a.test:443/").port, "");
  EXPECT_EQ(parse_url("https://a.test:0080/").port, "80");
  EXPECT_EQ(parse_url("wss://a.test:443/").port, "");
}

TEST(Url, CanBeFilledAgain) {
  ParsedUrl url = parse_url("https://a.test:81/path?query");
  parse_url("data:x", nullptr, url);
  EXPECT_EQ(url.host + url.port + url.query, "");
  EXPECT_EQ(url.kind, Kind::Local);
}

TEST(Url, PlainHostHasNoDotAtItsEnd) {
  EXPECT_EQ(parse_url("https://a.test./").plain_host(), "a.test");
}

}  // namespace
}  // namespace portvakt::http
