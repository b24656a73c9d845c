// The small readers of the room: patterns, srcset, style sheets, script shapes.
#include <gtest/gtest.h>

#include "filters/tags/css_addresses.h"
#include "filters/tags/host_rules.h"
#include "filters/tags/script_shape.h"
#include "filters/tags/srcset.h"
#include "proxy/base/ascii.h"
#include "proxy/base/star_pattern.h"

namespace portvakt::tags {
namespace {

TEST(StarPattern, MatchesStarsAndDigits) {
  EXPECT_TRUE(matches_whole("_ga_*", "_ga_X"));
  EXPECT_FALSE(matches_whole("_ga_*", "x_ga_X"));
  EXPECT_TRUE(matches_whole("*a*b*", "xxaxxbxx"));
  EXPECT_FALSE(matches_whole("*a*b", "xxbxxa"));
  EXPECT_TRUE(matches_whole("s#.js", "s12345.js"));
  EXPECT_FALSE(matches_whole("s#.js", "s123.js"));
  EXPECT_TRUE(matches_beginning("/tr", "/tr/x"));
  EXPECT_FALSE(matches_beginning("/tr", "/travel"));
  EXPECT_TRUE(matches_beginning("/tr/", "/tr/avel"));
  EXPECT_TRUE(matches_beginning("/*/sdk.js", "/nb_NO/sdk.js"));
  EXPECT_TRUE(matches_beginning("", "x"));
}

TEST(PathPattern, AsksForParametersAnywhereInTheQuery) {
  const PathPattern pattern("/gtag/js?id=AW-");
  EXPECT_TRUE(pattern.matches("/gtag/js", "id=AW-12345"));
  EXPECT_TRUE(pattern.matches("/gtag/js", "l=x&id=AW-12345&y"));
  EXPECT_FALSE(pattern.matches("/gtag/js", "xid=AW-12345"));
  EXPECT_FALSE(pattern.matches("/gtag/js", "id=AW-"));
  EXPECT_FALSE(pattern.matches("/gtag/js", ""));
}

std::string css(std::string_view in) {
  std::string out;
  const bool changed =
      rewrite_css(in, [](std::string_view address) { return ascii::contains(address, "bad"); }, out);
  return changed ? out : std::string("same");
}

TEST(CssAddresses, RewritesHeldAddressesOnly) {
  EXPECT_EQ(css("a{b:url(bad)}"), "a{b:url(about:invalid)}");
  EXPECT_EQ(css("a{b:URL(\"bad\" ) , url(good)}"), "a{b:URL('about:invalid' ) , url(good)}");
  EXPECT_EQ(css("@import 'bad';@import url(bad);"), "@import 'about:invalid';@import url(about:invalid);");
  EXPECT_EQ(css("a{b:\\75 rl(b\\61 d)}"), "a{b:\\75 rl(about:invalid)}");
  EXPECT_EQ(css("a{b:image-set('//bad' 1x)}"), "a{b:image-set('about:invalid' 1x)}");
  EXPECT_EQ(css("/*url(bad)*/a{content:'bad url(bad)'}"), "same");
  EXPECT_EQ(css("@namespace url(http://bad);a{b:url(good)}"), "same");
  EXPECT_EQ(css("a{b:curl(bad)}"), "same");
}

TEST(CssAddresses, EndsOnBrokenSheets) {
  for (const std::string_view broken :
       {"a{b:url(", "a{b:url('bad", "@import", "@", "\\", "a\\", "url(\\", "/*", "'", "@import \"\\"})
    css(broken);
  EXPECT_EQ(css("url(bad"), "url(about:invalid");
}

std::string srcset(std::string_view in) {
  std::string out;
  const bool changed =
      filter_srcset(in, [](std::string_view address) { return ascii::contains(address, "bad"); }, out);
  return changed ? "[" + out + "]" : std::string("same");
}

TEST(Srcset, LeavesOutHeldCandidates) {
  EXPECT_EQ(srcset("a 1x, bad 2x, c 3x"), "[a 1x, c 3x]");
  EXPECT_EQ(srcset("bad, b"), "[b]");
  EXPECT_EQ(srcset("bad,c 2x"), "[]") << "a comma without a space belongs to the address";
  EXPECT_EQ(srcset("a,b 2x"), "same");
  EXPECT_EQ(srcset("bad"), "[]");
  EXPECT_EQ(srcset(" ,, bad 1x (x,y) ,, d 2x "), "[d 2x ]");
  EXPECT_EQ(srcset(""), "same");
}

TEST(ScriptKind, ReadsTypesAsBrowsersDo) {
  EXPECT_EQ(script_kind(std::nullopt, std::nullopt), ScriptKind::JavaScript);
  EXPECT_EQ(script_kind("", "vbscript"), ScriptKind::JavaScript);
  EXPECT_EQ(script_kind(" Text/JavaScript\n", std::nullopt), ScriptKind::JavaScript);
  EXPECT_EQ(script_kind("module", std::nullopt), ScriptKind::JavaScript);
  EXPECT_EQ(script_kind(std::nullopt, "JavaScript1.2"), ScriptKind::JavaScript);
  EXPECT_EQ(script_kind(std::nullopt, "vbscript"), ScriptKind::Data);
  EXPECT_EQ(script_kind("text/javascript; charset=utf-8", std::nullopt), ScriptKind::Data);
  EXPECT_EQ(script_kind("ImportMap", std::nullopt), ScriptKind::ImportMap);
  EXPECT_EQ(script_kind("text/plain", std::nullopt), ScriptKind::Data);
}

TEST(ScriptShape, TellsSnippetsFromScriptsWithOtherWork) {
  for (const std::string_view snippet :
       {"var _gaq=_gaq||[];_gaq.push(['x']);(function(){var ga=1;})();",
        "window.dataLayer=window.dataLayer||[];function gtag(){}gtag('js')",
        "!function(f,b){n=f.fbq}(window,document);fbq('init');", "ga.async=true;ga.src='x'",
        "_linkedin_partner_id = '1';", "x=='y'", "/* var menu */"}) {
    EXPECT_TRUE(is_mere_snippet(snippet)) << snippet;
  }
  for (const std::string_view script :
       {"function menu(){} ga('x')", "var ga=1, menu=2", "window.menu={};ga()", "menu = 1", "class Menu{}",
        "$(function(){ga()})", "var a='unclosed", "}) stray", "const {menu} = x, other = 2"}) {
    EXPECT_FALSE(is_mere_snippet(script)) << script;
  }
  EXPECT_FALSE(is_mere_snippet(std::string(10000, ' ')));
}

}  // namespace
}  // namespace portvakt::tags
