#include "filters/visitor/url_scrubber.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "filters/visitor/identity_numbers.h"

namespace portvakt::visitor {
namespace {

struct Case {
  std::string_view target;
  std::string_view expected;
};

TEST(UrlScrubber, LeavesOrdinaryPathsAlone) {
  const UrlScrubber scrubber;
  for (const std::string_view path :
       {"/", "/om-oss/kontakt", "/produkter/12345/skrue-m8-rustfri", "/2026/06/12/nyheter-fra-oss",
        "/2024-05-12-a-title", "/static/app.3f2a9c1b.js", "/img/logo@2x.png",
        "/a-very-long-slug-about-how-we-make-steel-in-2026.html", "/npm/package@4.17.21/index.js",
        "/v1.2.3/docs", "/caf%C3%A9/meny", "/a//b/", "/EN/Products/", "/p/7031234567890x"}) {
    EXPECT_EQ(scrubber.scrub_target(path), path);
  }
}

TEST(UrlScrubber, MasksPeopleAndSecretsInPaths) {
  const Case cases[] = {
      {"/u/alice@example.test/edit", "/u/[email]/edit"},
      {"/u/alice%40example.test", "/u/[email]"},
      {"/u/alice%2540example.test", "/u/[email]"},
      {"/u/%61lice%25252540example%2Etest", "/u/[email]"},
      {"/u/to:Bob.B+x@mail.example.test,x", "/u/to:[email],x"},
      {"/card/4111111111111111", "/card/[card]"},
      {"/card/4111-1111-1111-1111/ok", "/card/[card]/ok"},
      {"/card/4111%201111%201111%201111", "/card/[card]"},
      {"/no/01129924108", "/no/[id]"},
      {"/no/011299%2024108", "/no/[id]"},
      {"/se/811228-9874", "/se/[id]"},
      {"/se/198112289874", "/se/[id]"},
      {"/dk/070761-4285", "/dk/[id]"},
      {"/fi/131052-308T", "/fi/[id]"},
      {"/is/120174-3399", "/is/[id]"},
      {"/tel/+4722334455", "/tel/+[phone]"},
      {"/tel/%2B47%2022%2033%2044%2055", "/tel/+[phone]"},
      {"/tel/22%2033%2044%2055", "/tel/[phone]"},
      {"/tel/004722334455", "/tel/[phone]"},
      {"/tel/0701234567", "/tel/[phone]"},
      {"/tel/91234567", "/tel/[phone]"},
      {"/reset/550e8400-e29b-41d4-a716-446655440000", "/reset/[token]"},
      {"/reset/9f86d081884c7d659a2feaa0c55ad015", "/reset/[token]"},
      {"/t/dGhpcyBpcyBhIHNlY3JldCB0b2tlbg", "/t/[token]"},
      {"/jwt/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "/jwt/[token].[token].c2ln"},
      {"/shop;jsessionid=ABCDEF/cart", "/shop/cart"},
      {"/deep/%252525252525252525252540", "/deep/[token]"},
      {"/n/12345678901234567890123", "/n/[token]"},
  };
  const UrlScrubber scrubber;
  for (const auto& c : cases) EXPECT_EQ(scrubber.scrub_target(c.target), c.expected) << c.target;
}

TEST(UrlScrubber, DropsTheQueryButForTheAllowList) {
  EXPECT_EQ(UrlScrubber().scrub_target("/s?q=secret&page=2"), "/s");
  const UrlScrubber scrubber({"page", "q", "gclid"});
  EXPECT_EQ(scrubber.scrub_target("/s?q=alice@example.test&x=1&page=2"), "/s?q=[email]&page=2");
  EXPECT_EQ(scrubber.scrub_target("/s?gclid=abc"), "/s") << "a click identifier cannot be allowed";
  EXPECT_EQ(scrubber.scrub_target("/s?q=red+car%26x"), "/s?q=red%20car%26x");
  EXPECT_EQ(scrubber.scrub_target("/s?page=1#frag?q=2"), "/s?page=1");
}

TEST(UrlScrubber, WritesPrintableAsciiOfBoundedLength) {
  const UrlScrubber scrubber({"q"});
  std::string nasty = "/";
  for (int i = 0; i < 256; ++i) nasty.push_back(static_cast<char>(i));
  nasty += "?q=" + nasty;
  const auto printable = [](char c) { return c > 0x20 && c < 0x7f; };
  const std::string out = scrubber.scrub_target(nasty);
  EXPECT_TRUE(std::ranges::all_of(out, printable)) << out;
  EXPECT_LE(scrubber.scrub_target("/" + std::string(60'000, '%')).size(), UrlScrubber::kMaxLength);
  EXPECT_LE(scrubber.scrub_referrer("http://a.test/" + std::string(60'000, '\xff'), true).size(),
            UrlScrubber::kMaxLength);
}

TEST(UrlScrubber, KeepsTheOriginAloneOfAForeignReferrer) {
  const UrlScrubber scrubber;
  EXPECT_EQ(scrubber.scrub_referrer("https://Search.example/find?q=secret#x", false),
            "https://search.example");
  EXPECT_EQ(scrubber.scrub_referrer("http://user:pass@example.test:8080/a", false),
            "http://example.test:8080");
  EXPECT_EQ(scrubber.scrub_referrer("https://9f86d081884c7d659a2feaa0c55ad015.example/", false),
            "https://[token].example");
  EXPECT_EQ(scrubber.scrub_referrer("android-app://com.example", false), "");
  EXPECT_EQ(scrubber.scrub_referrer("not a url", false), "");
}

TEST(UrlScrubber, KeepsTheScrubbedPathOfTheOwnSite) {
  const UrlScrubber scrubber;
  EXPECT_EQ(scrubber.scrub_referrer("https://example.test/u/alice@example.test?x=1", true), "/u/[email]");
}

TEST(UrlScrubber, GathersCampaignFieldsInOneOrder) {
  const UrlScrubber scrubber;
  EXPECT_EQ(scrubber.find_campaign("a=b&utm_medium=mail&utm_source=news+letter&gclid=x"),
            "source=news%20letter&medium=mail");
  EXPECT_EQ(scrubber.find_campaign("utm_source=alice%40example.test"), "source=[email]");
  EXPECT_EQ(scrubber.find_campaign("utm_source="), "");
  EXPECT_EQ(scrubber.find_campaign(""), "");
  EXPECT_LE(scrubber.find_campaign("utm_source=" + std::string(5000, 'a')).size(), 80U);
}

TEST(IdentityNumbers, NeedTheirCheckDigits) {
  EXPECT_TRUE(is_identity_number("01129924108", false));
  EXPECT_FALSE(is_identity_number("01129924109", false));
  EXPECT_TRUE(is_identity_number("41129924606", false)) << "a D-number";
  EXPECT_FALSE(is_identity_number("8112289873", false));
  EXPECT_TRUE(is_identity_number("8112289874", false));
  EXPECT_FALSE(is_finnish_identity_number("131052-308U"));
  EXPECT_FALSE(is_card_number("4111111111111112"));
}

TEST(IdentityNumbers, MaskEveryGeneratedNorwegianNumberInAPath) {
  const UrlScrubber scrubber;
  int found = 0;
  for (int serial = 0; serial < 100'000; ++serial) {
    std::string number = "150685" + std::to_string(100'000 + serial).substr(1);
    if (!is_identity_number(number, false)) continue;
    ++found;
    EXPECT_EQ(scrubber.scrub_target("/p/" + number).find(number), std::string::npos)
        << "a number got through";
  }
  EXPECT_GT(found, 500);
}

}  // namespace
}  // namespace portvakt::visitor
