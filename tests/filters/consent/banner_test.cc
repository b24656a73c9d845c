#include "filters/consent/banner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>

#include "filters/consent/consent_filter.h"
#include "proxy/base/crypto.h"
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
  std::string question(std::size_t language = 0) const {
    return banner_.question(language, "/shop", Banner::Script::With);
  }

  Banner banner_{site_settings()};
};

TEST_F(BannerTest, WeighsAtMostThreeThousandBytesInEveryLanguage) {
  std::size_t most = 0;
  for (std::size_t i = 0; i < languages(); ++i) most = std::max(most, gzip_size(question(i)));
  RecordProperty("gzip_bytes_at_most", static_cast<int>(most));
  EXPECT_LE(most, 3000U);
}

TEST_F(BannerTest, TheWayBackWeighsAtMostSixHundredBytesInEveryLanguage) {
  std::size_t most = 0;
  for (std::size_t i = 0; i < languages(); ++i)
    most = std::max(most, gzip_size(banner_.way_back(i, "/shop?item=1")));
  RecordProperty("gzip_bytes_at_most", static_cast<int>(most));
  EXPECT_LE(most, 600U);
}

TEST_F(BannerTest, TheScriptIsSmall) {
  EXPECT_LE(banner_script().size(), 600U);
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
  EXPECT_THAT(html, HasSubstr("aria-labelledby=\"portvakt-h\""));
  EXPECT_THAT(html, HasSubstr("<h2 id=\"portvakt-h\">"));
  EXPECT_EQ(count(html, "<form"), 1U);
  EXPECT_THAT(html, HasSubstr("<form method=\"post\" action=\"/.privacy/choice\">"));
  EXPECT_THAT(html, Not(HasSubstr("dialog")));
  EXPECT_THAT(html, Not(HasSubstr("autofocus")));
  EXPECT_THAT(html, Not(HasSubstr("tabindex")));
}

TEST_F(BannerTest, EndsWithTheChildThatMakesItVisible) {
  // The section is hidden until this last child has come: it appears at once and never grows.
  EXPECT_TRUE(question().ends_with("<i></i></section>"));
  EXPECT_THAT(std::string(banner_style()), HasSubstr("#portvakt:not(:has(>i)){display:none!important}"));
}

TEST_F(BannerTest, ShipsExactlyTheTextsThatTheHashesAllow) {
  const auto hash_of = [](std::string_view text) {
    return "'sha256-" + crypto::base64(crypto::sha256(text)) + "'";
  };
  const auto inside = [](const std::string& html, const std::string& tag) {
    const auto start = html.find("<" + tag + ">") + tag.size() + 2;
    return html.substr(start, html.find("</" + tag + ">") - start);
  };
  const auto styles = ConsentFilter::style_hashes();
  const auto scripts = ConsentFilter::script_hashes();
  for (std::size_t i = 0; i < languages(); ++i) {
    EXPECT_THAT(styles, testing::Contains(hash_of(inside(question(i), "style"))));
    EXPECT_THAT(styles, testing::Contains(hash_of(inside(banner_.way_back(i, "/"), "style"))));
    EXPECT_THAT(scripts, testing::Contains(hash_of(inside(question(i), "script"))));
  }
}

TEST_F(BannerTest, HasNeitherStyleAttributesNorEventHandlersNorForeignAddresses) {
  for (const auto& html : {question(), banner_.way_back(0, "/")}) {
    EXPECT_THAT(html, Not(HasSubstr(" style=")));
    EXPECT_THAT(html, Not(HasSubstr(" onclick=")));
    EXPECT_THAT(html, Not(HasSubstr("://")));
    EXPECT_THAT(html, Not(HasSubstr("url(")));
  }
}

TEST_F(BannerTest, NamesNeitherCookiesNorConsentWhereBlockersLook) {
  for (const auto& html : {question(), banner_.way_back(0, "/")}) {
    EXPECT_THAT(html, Not(HasSubstr("id=\"cookie")));
    EXPECT_THAT(html, Not(HasSubstr("consent")));
    EXPECT_THAT(html, Not(HasSubstr("gdpr")));
  }
}

TEST_F(BannerTest, EveryRuleOutweighsTheSites) {
  for (const auto style : {banner_style(), way_back_style()}) {
    // Semicolons part declarations, braces end the last of a rule, and one brace more closes @media.
    EXPECT_EQ(count(style, ";") + count(style, "}") - 1, count(style, "!important"));
    EXPECT_EQ(style.find("#portvakt"), 0U);
  }
}

TEST_F(BannerTest, EscapesWhereItCameFrom) {
  const auto html = banner_.question(0, "/\"><b>'&", Banner::Script::Without);
  EXPECT_THAT(html, HasSubstr("value=\"/&quot;&gt;&lt;b&gt;&#39;&amp;\""));
}

TEST_F(BannerTest, TellsTheDirectionOfItsLanguage) {
  for (std::size_t i = 0; i < languages(); ++i) {
    const auto& locale = shipped_locales().all()[i];
    const std::string attributes = "lang=\"" + locale.language + "\" dir=\"" + locale.direction + "\"";
    EXPECT_THAT(question(i), HasSubstr(attributes));
    EXPECT_THAT(banner_.way_back(i, "/"), HasSubstr(attributes));
  }
}

TEST_F(BannerTest, ShowsTheSitesOwnPurposesEscaped) {
  auto settings = site_settings();
  settings.offered = {*settings.names.add("<research>")};
  const auto html = Banner(settings).question(0, "/", Banner::Script::With);
  EXPECT_THAT(html, HasSubstr("value=\"&lt;research&gt;\">&lt;research&gt;</label>"));
}

TEST_F(BannerTest, LinksNoPolicyThatIsNoLink) {
  auto settings = site_settings();
  settings.policy_url = "javascript:alert(1)";
  EXPECT_THAT(Banner(settings).question(0, "/", Banner::Script::With), Not(HasSubstr("javascript:")));
  settings.policy_url = "";
  EXPECT_THAT(Banner(settings).question(0, "/", Banner::Script::With), Not(HasSubstr("<a ")));
}

}  // namespace
}  // namespace portvakt::consent
