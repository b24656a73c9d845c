#include "filters/consent/banner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>

#include "filters/consent/banner_style.h"
#include "tests/filters/consent/site_settings.h"

namespace portvakt::consent {
namespace {

using testing::HasSubstr;
using testing::Not;

/// What the text adds to a page that is sent with gzip, header and trailer included.
std::size_t gzip_size(const std::string& text) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  const auto size = stream.total_out;
  deflateEnd(&stream);
  return size;
}

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

class BannerTest : public testing::Test {
 protected:
  std::size_t languages() const { return shipped_locales().all().size(); }
  static BannerPlace place(std::size_t language = 0, std::string_view return_path = "/shop") {
    return {language, return_path, "NO", true};
  }
  std::string question(std::size_t language = 0) const { return banner_.question(place(language)); }
  std::string way_back(std::size_t language = 0) const {
    return banner_.way_back(place(language), Banner::Withdrawal::With);
  }

  Banner banner_{site_settings()};
};

TEST_F(BannerTest, WeighsAtMostThreeThousandBytesInEveryLanguage) {
  std::size_t most = 0;
  for (std::size_t i = 0; i < languages(); ++i)
    most = std::max(most, gzip_size(question_style({}) + question(i)));
  RecordProperty("gzip_bytes_at_most", static_cast<int>(most));
  EXPECT_LE(most, 3000U);
}

TEST_F(BannerTest, TheWayBackWeighsAtMostSixHundredBytesInEveryLanguage) {
  std::size_t most = 0;
  for (std::size_t i = 0; i < languages(); ++i)
    most = std::max(most, gzip_size(answered_style() + way_back(i)));
  RecordProperty("gzip_bytes_at_most", static_cast<int>(most));
  EXPECT_LE(most, 600U);
}

TEST_F(BannerTest, OffersRejectAndAcceptAlike) {
  const auto html = question();
  EXPECT_THAT(html, HasSubstr("<button name=\"choice\" value=\"reject-all\">"));
  EXPECT_THAT(html, HasSubstr("<button name=\"choice\" value=\"accept-all\">"));
  EXPECT_LT(html.find("reject-all"), html.find("accept-all")) << "Enter in the form must not accept";
  EXPECT_EQ(count(html, "<button"), 3U);
  EXPECT_EQ(count(html, "class="), 0U);
}

TEST_F(BannerTest, TicksNothingInAdvance) {
  EXPECT_EQ(count(question(), "type=\"checkbox\""), 3U);
  EXPECT_THAT(question(), Not(HasSubstr("checked")));
}

TEST_F(BannerTest, IsOneNamedRegionWithOneForm) {
  const auto html = question();
  EXPECT_EQ(html.find("<section id=\"portvakt\" "), 0U);
  EXPECT_THAT(html, HasSubstr("data-portvakt=\"ask\""));
  EXPECT_THAT(html, HasSubstr("aria-labelledby=\"portvakt-h\""));
  EXPECT_THAT(html, HasSubstr("<h2 id=\"portvakt-h\">"));
  EXPECT_EQ(count(html, "<form"), 1U);
  EXPECT_THAT(html, HasSubstr("<form id=\"portvakt-f\" method=\"post\" action=\"/.privacy/choice\""));
  EXPECT_THAT(html, Not(HasSubstr("dialog")));
  EXPECT_THAT(html, Not(HasSubstr("autofocus")));
  EXPECT_THAT(html, Not(HasSubstr("tabindex")));
}

TEST_F(BannerTest, EndsWithTheChildThatMakesItVisible) {
  // The section is hidden until this last child has come: it appears at once and never grows.
  EXPECT_TRUE(question().ends_with("<i></i></section>"));
  EXPECT_THAT(question_style({}), HasSubstr("#portvakt:not(:has(>i)){display:none!important}"));
}

TEST_F(BannerTest, HasNeitherStyleAttributesNorEventHandlersNorForeignAddresses) {
  for (const auto& html : {question(), way_back()}) {
    EXPECT_THAT(html, Not(HasSubstr(" style=")));
    EXPECT_THAT(html, Not(HasSubstr(" onclick=")));
    EXPECT_EQ(count(html, "://"), count(html, "https://www.datatilsynet.no/")) << "the authority's link";
    EXPECT_THAT(html, Not(HasSubstr("<script")));
    EXPECT_THAT(html, Not(HasSubstr("url(")));
  }
}

TEST_F(BannerTest, NamesNeitherCookiesNorConsentWhereBlockersLook) {
  for (const auto& html : {question(), way_back()}) {
    EXPECT_THAT(html, Not(HasSubstr("id=\"cookie")));
    EXPECT_THAT(html, Not(HasSubstr("consent")));
    EXPECT_THAT(html, Not(HasSubstr("gdpr")));
  }
}

TEST_F(BannerTest, EveryDeclarationIsImportantAndInTheFirstLayer) {
  config::BannerTheme theme;
  theme.light = {"#000000", "#ffffff", "#123456", "#ffffff"};
  theme.dark = {"#ffffff", "#000000", "#abcdef", "#000000"};
  for (const auto& style : {question_style({}), answered_style(), question_style(theme)}) {
    EXPECT_TRUE(style.starts_with("@layer portvakt{"));
    // Semicolons part declarations and braces end the last of a rule; one brace more closes each block of
    // rules.
    EXPECT_EQ(count(style, ";") + count(style, "}") - count(style, "@"), count(style, "!important"));
  }
}

TEST_F(BannerTest, WearsTheSitesColoursInBothSchemes) {
  config::BannerTheme theme;
  theme.light = {"#111111", "#eeeeee", "#123456", "#ffffff"};
  EXPECT_THAT(question_style(theme), HasSubstr("color-scheme:light!important;--t:#111111!important"));
  theme.dark = {"#eeeeee", "#111111", "#abcdef", "#000000"};
  EXPECT_THAT(question_style(theme), HasSubstr("@media(prefers-color-scheme:dark){#portvakt{"));
  EXPECT_NE(question_style(theme), question_style({}));
}

TEST_F(BannerTest, SpeaksWithTheSitesOwnWords) {
  auto settings = site_settings();
  settings.theme.headings["en"] = "<Hello>";
  settings.theme.intros["nb"] = "Bare på norsk";
  settings.theme.logo = "/logo.svg";
  const Banner banner(settings);
  const auto in = [&](std::string_view language) {
    return banner.question(place(shipped_locales().choose_index(language, "")));
  };
  EXPECT_THAT(in("en"), HasSubstr("&lt;Hello&gt;</h2>"));
  EXPECT_THAT(in("nb"), HasSubstr("<p>Bare på norsk</p>"));
  EXPECT_THAT(in("sv"), HasSubstr("Din integritet</h2>"));
  EXPECT_THAT(in("sv"), HasSubstr("<img src=\"/logo.svg\" alt=\"\">"));
}

TEST_F(BannerTest, NamesTheAuthorityOfTheVisitorsCountryOrTheSites) {
  EXPECT_THAT(question(), HasSubstr("<a href=\"https://www.datatilsynet.no/\">Datatilsynet</a>"));
  EXPECT_THAT(banner_.question({0, "/", "", true}), Not(HasSubstr("datatilsynet")));
  auto settings = site_settings();
  settings.authority = {"The Board", "https://board.example/"};
  EXPECT_THAT(Banner(settings).question(place()),
              HasSubstr("<a href=\"https://board.example/\">The Board</a>"));
}

TEST_F(BannerTest, ListsTheVendorsThatTheSiteNamesUnderTheirPurpose) {
  EXPECT_THAT(question(), Not(HasSubstr("name=\"vendor\"")));
  auto settings = site_settings();
  settings.shown_vendors = {"youtube"};
  const auto html = Banner(settings).question(place());
  EXPECT_EQ(count(html, "name=\"vendor\""), 1U);
  EXPECT_THAT(html, HasSubstr("value=\"youtube\"><span>YouTube (US)</span>"));
  EXPECT_LT(html.find("value=\"functional\""), html.find("value=\"youtube\""));
  EXPECT_LT(html.find("value=\"youtube\""), html.find("value=\"analytics\""));
}

TEST_F(BannerTest, EscapesWhereItCameFrom) {
  const auto html = banner_.question({0, "/\"><b>'&", "", false});
  EXPECT_THAT(html, HasSubstr("value=\"/&quot;&gt;&lt;b&gt;&#39;&amp;\""));
}

TEST_F(BannerTest, TellsTheDirectionOfItsLanguage) {
  for (std::size_t i = 0; i < languages(); ++i) {
    const auto& locale = shipped_locales().all()[i];
    const std::string attributes = "lang=\"" + locale.language + "\" dir=\"" + locale.direction + "\"";
    EXPECT_THAT(question(i), HasSubstr(attributes));
    EXPECT_THAT(way_back(i), HasSubstr(attributes));
  }
}

TEST_F(BannerTest, ShowsTheSitesOwnPurposesEscaped) {
  auto settings = site_settings();
  settings.offered = {*settings.names.add("<research>")};
  const auto html = Banner(settings).question({});
  EXPECT_THAT(html, HasSubstr("value=\"&lt;research&gt;\"><span><b>&lt;research&gt;</b></span>"));
}

TEST_F(BannerTest, LinksNoPolicyThatIsNoLink) {
  auto settings = site_settings();
  settings.policy_url = "javascript:alert(1)";
  EXPECT_THAT(Banner(settings).question({}), Not(HasSubstr("javascript:")));
  settings.policy_url = "";
  EXPECT_EQ(count(Banner(settings).question({}), "<a "), 1U) << "to the privacy page";
}

}  // namespace
}  // namespace portvakt::consent
