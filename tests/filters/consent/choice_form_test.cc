#include "filters/consent/choice_form.h"

#include <gtest/gtest.h>

#include "tests/filters/consent/site_settings.h"

namespace portvakt::consent {
namespace {

Result<ChoiceForm> parse(std::string_view body) {
  return parse_choice_form(body, site_settings());
}

std::string granted(std::string_view body) {
  const auto form = parse(body);
  return form ? filters::PurposeNames().join(form->granted, ",") : "error";
}

TEST(ChoiceForm, GrantsWhatWasChosen) {
  EXPECT_EQ(granted("choice=accept-all"), "necessary,functional,analytics,marketing");
  EXPECT_EQ(granted("choice=reject-all"), "necessary");
  EXPECT_EQ(granted("choice=selected"), "necessary");
  EXPECT_EQ(granted("purpose=analytics&choice=selected&purpose=functional"),
            "necessary,functional,analytics");
  EXPECT_EQ(granted("choice=selected&purpose=%61nalytics"), "necessary,analytics");
}

TEST(ChoiceForm, TickedBoxesDoNotOverruleRejectAll) {
  EXPECT_EQ(granted("purpose=analytics&purpose=marketing&vendor=youtube&choice=reject-all"), "necessary");
  EXPECT_TRUE(parse("purpose=analytics&vendor=youtube&choice=reject-all")->vendors.empty());
}

TEST(ChoiceForm, WithoutOneKnownChoiceIsAnError) {
  for (const auto* body : {"", "purpose=analytics", "choice=", "choice", "choice=yes", "Choice=accept-all",
                           "choice=accept-all&choice=reject-all", "choice=accept-all&choice=accept-all",
                           "&&=&", "choice=accept-all%00"}) {
    EXPECT_EQ(granted(body), "error") << body;
  }
}

TEST(ChoiceForm, IgnoresPurposesAndVendorsThatTheSiteDoesNotHave) {
  EXPECT_EQ(granted("choice=selected&purpose=everything&purpose=Analytics"), "necessary");
  const auto form = parse("choice=selected&vendor=youtube&vendor=evil&vendor=youtube");
  ASSERT_TRUE(form);
  EXPECT_EQ(form->vendors, std::vector<std::string>{"youtube"});
}

TEST(ChoiceForm, NeverGrantsMoreThanTheSiteOffers) {
  auto settings = site_settings();
  settings.offered = {filters::kAnalytics};
  const auto all = parse_choice_form("choice=accept-all", settings);
  EXPECT_EQ(settings.names.join(all->granted, ","), "necessary,analytics");
  const auto selected = parse_choice_form("choice=selected&purpose=marketing&purpose=analytics", settings);
  EXPECT_EQ(settings.names.join(selected->granted, ","), "necessary,analytics");
}

TEST(ChoiceForm, SaysWhereItCameFrom) {
  EXPECT_EQ(parse("choice=reject-all")->source, ConsentSource::Banner);
  EXPECT_EQ(parse("choice=reject-all&from=preferences")->source, ConsentSource::Preferences);
  EXPECT_EQ(parse("choice=reject-all&from=gpc")->source, ConsentSource::Banner);
}

TEST(ChoiceForm, AllowsOneVendorBesidesWhatStands) {
  const auto form = parse("return=%2Fa&purpose=marketing&allow=youtube");
  ASSERT_TRUE(form);
  EXPECT_TRUE(form->adds);
  EXPECT_EQ(form->choice, "selected");
  EXPECT_EQ(form->vendors, std::vector<std::string>{"youtube"});
  EXPECT_TRUE(form->granted.only_necessary()) << "boxes of the form were not meant";
  EXPECT_FALSE(parse("allow=nobody"));
  EXPECT_FALSE(parse("allow=youtube&choice=accept-all")) << "one thing at a time";
}

TEST(ChoiceForm, SaysWhichLanguageWasRead) {
  EXPECT_EQ(parse("choice=reject-all&language=nb")->language, "nb");
  EXPECT_LE(parse("choice=reject-all&language=" + std::string(500, 'x'))->language.size(), 16U);
}

TEST(ChoiceForm, ReturnsToAPathOnly) {
  EXPECT_EQ(parse("choice=reject-all&return=%2Fshop%3Fa%3Db%26c")->return_path, "/shop?a=b&c");
  EXPECT_EQ(parse("choice=reject-all&return=https%3A%2F%2Fevil.test")->return_path, "/");
  EXPECT_EQ(parse("choice=reject-all")->return_path, "/");
}

TEST(ReturnPath, StaysOnTheHost) {
  for (const auto* path : {"/", "/a/b?c=d#e", "/a//b", "/%2F%2Fevil.test"})
    EXPECT_EQ(safe_return_path(path), path);
}

TEST(ReturnPath, ThatWouldLeadAwayIsTheRoot) {
  for (const std::string path : {"", "a", "//evil.test", "/\\evil.test", "\\\\evil.test", "/\t/evil.test",
                                 "/\n/evil.test", "https://evil.test", "javascript:alert(1)", " /", "/a b",
                                 "/a\r\nSet-Cookie: x=y", "/\x7f", "/\xc3\xa5", "/a\\..\\b"}) {
    EXPECT_EQ(safe_return_path(path), "/") << path;
  }
  EXPECT_EQ(safe_return_path("/" + std::string(5000, 'a')), "/");
}

struct OriginCase {
  const char* name;
  std::vector<std::pair<const char*, const char*>> headers;
  bool tls;
  bool accepted;
};

class OwnPage : public testing::TestWithParam<OriginCase> {};

TEST_P(OwnPage, IsTheOnlyOneThatMayChoose) {
  http::RequestHead head;
  head.authority = "www.Example.test";
  for (const auto& [name, value] : GetParam().headers) head.headers.add(name, value);
  EXPECT_EQ(comes_from_own_page(head, GetParam().tls), GetParam().accepted);
}

INSTANTIATE_TEST_SUITE_P(
    Choice, OwnPage,
    testing::Values(
        OriginCase{"NothingSaid", {}, true, false},
        OriginCase{"FetchSameOrigin", {{"Sec-Fetch-Site", "same-origin"}}, true, true},
        OriginCase{"FetchSameOriginWithNullOrigin",
                   {{"Sec-Fetch-Site", "same-origin"}, {"Origin", "null"}},
                   true,
                   true},
        OriginCase{"FetchSameSite", {{"Sec-Fetch-Site", "same-site"}}, true, false},
        OriginCase{"FetchCrossSite", {{"Sec-Fetch-Site", "cross-site"}}, true, false},
        OriginCase{"FetchNone", {{"Sec-Fetch-Site", "none"}}, true, false},
        OriginCase{"FetchCrossSiteWithOwnReferer",
                   {{"Sec-Fetch-Site", "cross-site"}, {"Referer", "https://www.example.test/"}},
                   true,
                   false},
        OriginCase{
            "FetchTwice", {{"Sec-Fetch-Site", "same-origin"}, {"Sec-Fetch-Site", "cross-site"}}, true, false},
        OriginCase{"OwnOrigin", {{"Origin", "https://www.example.test"}}, true, true},
        OriginCase{"OwnOriginWithPort", {{"Origin", "https://www.example.test:443"}}, true, true},
        OriginCase{"OwnOriginOtherPort", {{"Origin", "https://www.example.test:8443"}}, true, false},
        OriginCase{"NullOrigin", {{"Origin", "null"}}, true, false},
        OriginCase{"NullOriginWithOwnReferer",
                   {{"Origin", "null"}, {"Referer", "https://www.example.test/"}},
                   true,
                   false},
        OriginCase{"OtherOriginWithOwnReferer",
                   {{"Origin", "https://evil.test"}, {"Referer", "https://www.example.test/"}},
                   true,
                   false},
        OriginCase{"PlainOriginOnTls", {{"Origin", "http://www.example.test"}}, true, false},
        OriginCase{"PlainOriginOnPlain", {{"Origin", "http://www.example.test"}}, false, true},
        OriginCase{
            "TlsOriginBehindSomethingThatEndsTls", {{"Origin", "https://www.example.test"}}, false, true},
        OriginCase{"Prefix", {{"Origin", "https://www.example.test.evil.test"}}, true, false},
        OriginCase{"Subdomain", {{"Origin", "https://a.www.example.test"}}, true, false},
        OriginCase{"OwnReferer", {{"Referer", "https://www.example.test/a?b"}}, true, true},
        OriginCase{"OwnRefererWithoutPath", {{"Referer", "https://www.example.test"}}, true, true},
        OriginCase{
            "ForeignReferer", {{"Referer", "https://evil.test/https://www.example.test/"}}, true, false},
        OriginCase{"RefererWithUser", {{"Referer", "https://www.example.test@evil.test/"}}, true, false},
        OriginCase{
            "RefererWithBackslash", {{"Referer", "https://evil.test\\www.example.test/"}}, true, false},
        OriginCase{"EmptyOrigin", {{"Origin", ""}}, true, false},
        OriginCase{"EmptyReferer", {{"Referer", ""}}, true, false}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace portvakt::consent
