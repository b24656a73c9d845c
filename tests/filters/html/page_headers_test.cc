#include "filters/html/page_headers.h"

#include <gtest/gtest.h>

namespace portvakt::html {
namespace {

http::HeaderMap headers(std::initializer_list<std::pair<const char*, const char*>> fields) {
  http::HeaderMap map;
  for (const auto& [name, value] : fields) map.add(name, value);
  return map;
}

TEST(PageHeaders, GivesTheOriginBackTheValidatorThatItGave) {
  for (const auto* tag : {"\"abc\"", "W/\"abc\"", "\"a;b\"", "\"\""}) {
    auto response = headers({{"ETag", tag}, {"Last-Modified", "x"}});
    wrap_validators(response, "K1");
    EXPECT_TRUE(response.find("ETag")->starts_with("W/"));
    EXPECT_FALSE(response.has("Last-Modified"));
    auto request = headers({});
    request.add("If-None-Match", *response.find("ETag"));
    EXPECT_TRUE(unwrap_validators(request, "K1"));
    EXPECT_EQ(request.find("If-None-Match"), tag);
  }
}

TEST(PageHeaders, LeavesTheOneContentTypeThatABrowserWouldTake) {
  const auto settled = [](std::initializer_list<std::pair<const char*, const char*>> fields) {
    auto response = headers(fields);
    settle_content_type(response);
    return std::to_string(response.count("Content-Type")) + " " +
           std::string(response.find("Content-Type").value_or(""));
  };
  EXPECT_EQ(settled({{"Content-Type", "text/html; charset=utf-8"}}), "1 text/html; charset=utf-8");
  EXPECT_EQ(settled({{"Content-Type", "image/png"}, {"Content-Type", "text/html"}}), "1 text/html");
  EXPECT_EQ(settled({{"Content-Type", "image/png, text/html"}}), "1 text/html");
  EXPECT_EQ(settled({{"Content-Type", "text/html"}, {"Content-Type", "*/*"}, {"Content-Type", "x"}}),
            "1 text/html");
  EXPECT_EQ(settled({}), "0 ");
}

TEST(PageHeaders, AsksForGzipOnlyIfTheClientTakesIt) {
  for (const auto& [accepted, asked] :
       std::initializer_list<std::pair<const char*, const char*>>{{"gzip, deflate, br", "gzip"},
                                                                  {"br;q=1, GZIP;q=0.5", "gzip"},
                                                                  {"gzip;q=0", "identity"},
                                                                  {"gzip;q=0.000, br", "identity"},
                                                                  {"br", "identity"}}) {
    auto request = headers({{"Accept-Encoding", accepted}});
    ask_for_readable_page(request);
    EXPECT_EQ(request.find("Accept-Encoding"), asked) << accepted;
  }
}

TEST(PageHeaders, NeverConfirmsAPageOfAnotherConsentState) {
  auto request = headers({{"If-None-Match", "W/\"abc;K2\", \"abc\""}, {"If-Modified-Since", "x"}});
  EXPECT_FALSE(unwrap_validators(request, "K1"));
  EXPECT_TRUE(request.empty());
}

TEST(PageHeaders, KeepsSharedCachesOutAndStricterDirectivesIn) {
  auto open =
      headers({{"Cache-Control", "public, max-age=60, s-maxage=600"}, {"Surrogate-Control", "max-age=9"}});
  keep_out_of_shared_caches(open);
  EXPECT_EQ(open.find("Cache-Control"), "private, max-age=60");
  EXPECT_EQ(open.find("Vary"), "Cookie");
  EXPECT_FALSE(open.has("Surrogate-Control"));
  auto strict = headers({{"Cache-Control", "no-store"}, {"Vary", "Accept-Encoding, Cookie"}});
  keep_out_of_shared_caches(strict);
  EXPECT_EQ(strict.find("Cache-Control"), "no-store");
  EXPECT_EQ(strict.count("Vary"), 1U);
}

TEST(PageHeaders, AsksForPagesThatCanBeRead) {
  auto request = headers({{"Accept-Encoding", "br, gzip;q=0.9"}, {"Range", "bytes=0-1"}});
  ask_for_readable_page(request);
  EXPECT_EQ(request.find("Accept-Encoding"), "gzip");
  EXPECT_FALSE(request.has("Range"));
}

}  // namespace
}  // namespace portvakt::html
