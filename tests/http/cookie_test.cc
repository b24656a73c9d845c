#include "proxy/http/cookie.h"

#include <gtest/gtest.h>

namespace portvakt::http {
namespace {

std::string printed(std::string_view field) {
  std::string out;
  for (const auto& cookie : parse_cookies(field)) {
    out += "[" + std::string(cookie.name) + "|" + std::string(cookie.value) + "]";
  }
  return out;
}

TEST(Cookie, ReadsPairsInOrder) {
  EXPECT_EQ(printed("a=1; b=2;c=3"), "[a|1][b|2][c|3]");
}

TEST(Cookie, ReadsWhatBrowsersAndServersTolerate) {
  EXPECT_EQ(printed(""), "");
  EXPECT_EQ(printed(" ; ;; "), "");
  EXPECT_EQ(printed("  a = 1 ;\tb=2\t"), "[a|1][b|2]");
  EXPECT_EQ(printed("a="), "[a|]");
  EXPECT_EQ(printed("a=b=c"), "[a|b=c]");
  EXPECT_EQ(printed("bare"), "[|bare]");
  EXPECT_EQ(printed("=x=y"), "[|x=y]");
  EXPECT_EQ(printed("a=\"q\", b=2"), "[a|\"q\", b=2]");
}

TEST(Cookie, QuotesDoNotHideASeparator) {
  EXPECT_EQ(printed("a=\"x; _ga=1; y=\"; b=2"), "[a|\"x][_ga|1][y|\"][b|2]");
}

TEST(Cookie, NamesAreCaseSensitive) {
  HeaderMap headers;
  headers.add("cookie", "portvakt=1; Portvakt=2");
  headers.add("Cookie", "portvakt=3");
  const auto values = find_cookies(headers, "portvakt");
  ASSERT_EQ(values.size(), 2U);
  EXPECT_EQ(values[0], "1");
  EXPECT_EQ(values[1], "3");
}

TEST(Cookie, RemovingNoneLeavesTheFieldsUntouched) {
  HeaderMap headers;
  headers.add("Cookie", " a=1;;b=2 ");
  headers.add("Cookie", "c=3");
  EXPECT_EQ(remove_cookies(headers, [](const Cookie& cookie) { return cookie.name == "x"; }), 0U);
  ASSERT_EQ(headers.count("Cookie"), 2U);
  EXPECT_EQ(headers.find("Cookie"), " a=1;;b=2 ");
}

TEST(Cookie, RemovingJoinsWhatIsLeftIntoOneField) {
  HeaderMap headers;
  headers.add("Cookie", "a=1; x=9; b = \"2\"");
  headers.add("cookie", "x=8; c=3");
  EXPECT_EQ(remove_cookies(headers, [](const Cookie& cookie) { return cookie.name == "x"; }), 2U);
  ASSERT_EQ(headers.count("Cookie"), 1U);
  EXPECT_EQ(headers.find("Cookie"), "a=1; b = \"2\"; c=3");
}

TEST(Cookie, RemovingAllRemovesTheField) {
  HeaderMap headers;
  headers.add("Cookie", "x=1");
  EXPECT_EQ(remove_cookies(headers, [](const Cookie&) { return true; }), 1U);
  EXPECT_FALSE(headers.has("Cookie"));
}

TEST(SetCookie, ReadsNameValueAndAttributes) {
  const auto cookie = parse_set_cookie(
      "id=a=b; Path=/shop; DOMAIN=.Example.test; Max-Age=60; Secure; HttpOnly; SameSite=Lax");
  ASSERT_TRUE(cookie);
  EXPECT_EQ(cookie->name, "id");
  EXPECT_EQ(cookie->value, "a=b");
  EXPECT_EQ(cookie->path(), "/shop");
  EXPECT_EQ(cookie->domain(), "Example.test");
  EXPECT_EQ(cookie->max_age(), 60);
  EXPECT_TRUE(cookie->has("secure"));
  EXPECT_TRUE(cookie->has("httponly"));
  EXPECT_FALSE(cookie->has("Partitioned"));
  EXPECT_EQ(cookie->find("samesite"), "Lax");
}

TEST(SetCookie, TakesTheLastOfRepeatedAttributes) {
  const auto cookie =
      parse_set_cookie("a=b; Path=/x; Path=/y; Max-Age=5; Max-Age=soon; Domain=a.test; Domain=");
  ASSERT_TRUE(cookie);
  EXPECT_EQ(cookie->path(), "/y");
  EXPECT_EQ(cookie->max_age(), 5);
  EXPECT_EQ(cookie->domain(), "");
  EXPECT_EQ(cookie->attributes.size(), 6U);
}

TEST(SetCookie, MaxAgeIsANumberOrNothing) {
  const auto max_age = [](std::string_view text) {
    return parse_set_cookie("a=b; Max-Age=" + std::string(text))->max_age();
  };
  EXPECT_EQ(max_age("0"), 0);
  EXPECT_EQ(max_age("-1"), -1);
  EXPECT_EQ(max_age(""), std::nullopt);
  EXPECT_EQ(max_age("-"), std::nullopt);
  EXPECT_EQ(max_age("+5"), std::nullopt);
  EXPECT_EQ(max_age("1e3"), std::nullopt);
  EXPECT_EQ(max_age("99999999999999999999"), INT64_MAX);
  EXPECT_EQ(max_age("-99999999999999999999"), -INT64_MAX);
}

TEST(SetCookie, APathWithoutSlashIsNoPath) {
  EXPECT_EQ(parse_set_cookie("a=b; Path=shop")->path(), "");
}

TEST(SetCookie, ReadsACookieWithoutAName) {
  const auto cookie = parse_set_cookie("token; Path=/");
  ASSERT_TRUE(cookie);
  EXPECT_EQ(cookie->name, "");
  EXPECT_EQ(cookie->value, "token");
}

TEST(SetCookie, IsNothingWhereABrowserIgnoresIt) {
  EXPECT_FALSE(parse_set_cookie(""));
  EXPECT_FALSE(parse_set_cookie("=; Path=/"));
  EXPECT_FALSE(parse_set_cookie(std::string_view("a=b\0c", 5)));
  EXPECT_FALSE(parse_set_cookie("a=b\r\nX: y"));
  EXPECT_FALSE(parse_set_cookie("a=" + std::string(kMaxCookieBytes, 'x')));
  EXPECT_TRUE(parse_set_cookie("a=" + std::string(kMaxCookieBytes - 1, 'x')));
}

TEST(SetCookie, IgnoresAttributesThatAreTooLong) {
  const auto cookie = parse_set_cookie("a=b; Domain=" + std::string(kMaxCookieAttributeBytes + 1, 'x'));
  EXPECT_FALSE(cookie->has("Domain"));
}

}  // namespace
}  // namespace portvakt::http
