// Spellings that browsers understand and string matching does not: none may get a vendor's host through.
#include "proxy/base/ascii.h"
#include "tests/filters/tags/tag_page.h"

namespace portvakt::tags {
namespace {

constexpr std::string_view kSpellings[] = {
    "<script src=\"https://static.hotjar.com/x.js\"></script>",
    "<script src='//static.hotjar.com/x.js'></script>",
    "<script src=\\\\static.hotjar.com\\x.js></script>",
    "<script src=\"/\\static.hotjar.com/x.js\"></script>",
    "<script src=\"https:\\\\static.hotjar.com/x.js\"></script>",
    "<script src=\"http:static.hotjar.com/x.js\"></script>",
    "<SCRIPT SRC=HTTPS://STATIC.HOTJAR.COM/X.JS></SCRIPT>",
    "<script src=\" \n https://sta\ntic.hot\tjar.com/x.js \"></script>",
    "<script src=\"ht&#10;tps://static.hotjar.com/x.js\"></script>",
    "<script src=\"https&colon;//static&period;hotjar.com/x.js\"></script>",
    "<script src=\"https:&#x2f;&#47;static.hotjar&#46;com/x.js\"></script>",
    "<script src=\"&#104;ttps://static.hotjar.com/x.js\"></script>",
    "<script src=\"https://user:pw@static.hotjar.com/x.js\"></script>",
    "<script src=\"https://www.example.test@static.hotjar.com/x.js\"></script>",
    "<script src=\"https://static.hotjar.com:443/x.js\"></script>",
    "<script src=\"https://static.hotjar.com./x.js\"></script>",
    "<script src=\"https://static.hotj%61r.com/x.js\"></script>",
    "<script src=\"https://static.\xEF\xBD\x88otjar.com/x.js\"></script>",
    "<script src=\"https://static\xE3\x80\x82hotjar.com/x.js\"></script>",
    "<script src=\"https://static.hot\xC2\xADjar.com/x.js\"></script>",
    "<script/src=https://static.hotjar.com/x.js></script>",
    "<script\nsrc\n=\nhttps://static.hotjar.com/x.js\n></script\n>",
    "<script a=\">\" src=https://static.hotjar.com/x.js></script>",
    "<script src=https://static.hotjar.com/x.js src=/own.js></script>",
    "<script type=\" text/JavaScript \" src=https://static.hotjar.com/x.js></script>",
    "<script type=\"\" src=https://static.hotjar.com/x.js></script>",
    "<script language=JavaScript1.5 src=https://static.hotjar.com/x.js></script>",
    "<script src=https://static.hotjar.com/x.js>",
    "<script src=https://static.hotjar.com/x.js /><p>x</p></script>",
    "<!--><script src=https://static.hotjar.com/x.js></script>-->",
    "<!-- --!><script src=https://static.hotjar.com/x.js></script>",
    "<title><script></title><script src=https://static.hotjar.com/x.js></script>",
    "<svg><title><script src=https://static.hotjar.com/x.js></script></title></svg>",
    "<math><mtext><img src=https://static.hotjar.com/x.png></mtext></math>",
    "<table><img src=https://static.hotjar.com/x.png></table>",
    "<select><img src=https://static.hotjar.com/x.png></select>",
    "<template shadowrootmode=open><img src=https://static.hotjar.com/x.png></template>",
    "<image src=https://static.hotjar.com/x.png>",
    "<img srcset=\"https://static.hotjar.com/x.png,https://static.hotjar.com/y.png 2x\">",
    "<img srcset=\",, https://static.hotjar.com/x.png 1x (a,b) ,,\">",
    "<link rel=\"own stylesheet\" href=https://static.hotjar.com/x.css>",
    "<link rel=\"alternate stylesheet\" title=a href=https://static.hotjar.com/x.css>",
    "<link rel=preload as=script href=https://static.hotjar.com/x.js>",
    "<link rel=modulepreload href=https://static.hotjar.com/x.js>",
    "<link rel=manifest href=https://static.hotjar.com/x.json>",
    "<meta http-equiv=refresh content=\"0;https://static.hotjar.com/\">",
    "<meta http-equiv=refresh content=\"0 url = https://static.hotjar.com/\">",
    "<style>a{b:u\\72l(https://static.hotjar.com/x)}</style>",
    "<style>a{b:url(https:\\2f\\2fstatic.hotj\\61r.com/x)}</style>",
    "<style>@\\69mport \"//static.hotjar.com/x.css\";</style>",
    "<style>@import/**/url(https://static.hotjar.com/x.css) screen;</style>",
    "<style>a{b:image-set(\"https://static.hotjar.com/x.png\" 1x)}</style>",
    "<style>/* ' */a{b:url(https://static.hotjar.com/x)}</style>",
    "<p style=\"background:url&#40;https://static.hotjar.com/x)\">",
    "<p style=\"background:\\75rl('https://static.hotjar.com/x')\">",
    "<object data=https://static.hotjar.com/x></object>",
    "<embed src=https://static.hotjar.com/x>",
    "<portal src=https://static.hotjar.com/x></portal>",
    "<svg><feImage href=https://static.hotjar.com/x /></svg>",
    "<svg><use><set attributeName=href to=https://static.hotjar.com/x /></use></svg>",
    "<iframe srcdoc=\"&lt;script src=&#39;https://static.hotjar.com/x.js&#39;>&lt;/script>\"></iframe>",
    "<iframe src=\"data:text/html,%3Cscript%20src='https://static.hotjar.com/x.js'%3E\"></iframe>",
    "<iframe src=\"javascript:'<script src=https://static.hotjar.com/x.js>'\"></iframe>",
    "<script>s.src='https:\\/\\/static.hotjar.com\\/x.js'</script>",
    "<script>s.src='https:\\u002F\\u002Fstatic.hotjar.com/x.js'</script>",
    "<script>import 'https://static.hotjar.com/x.js'</script>",
    "<script type=module>import 'https://static.hotjar.com/x.js'</script>",
    "<img src=x onerror=\"new Image().src='//static.hotjar.com/x'\">",
    "<body ONLOAD=\"fetch('https://static.hotjar.com/x')\">",
    "<noscript><p><img src=https://static.hotjar.com/x.png></noscript>",
    "<a href=/ attributionsrc=https://static.hotjar.com/x>a</a>",
};

TEST(Evasion, NoSpellingGetsTheHostThrough) {
  TagPage page;
  for (const std::string_view spelling : kSpellings) {
    const std::string out = page.rewrite(spelling);
    EXPECT_FALSE(ascii::contains(ascii::lower(out), "hotj")) << spelling << "\n  became " << out;
    EXPECT_FALSE(ascii::contains(ascii::lower(out), "otjar")) << spelling << "\n  became " << out;
    EXPECT_EQ(page.notes.held_vendors, std::vector<std::string>{"hotjar"}) << spelling;
    EXPECT_EQ(page.rewrite_bytewise(spelling), out) << spelling;
  }
}

TEST(Evasion, EverySpellingPassesWithConsent) {
  TagPage page;
  page.consent = granting({filters::kAnalytics});
  for (const std::string_view spelling : kSpellings) EXPECT_EQ(page.rewrite(spelling), spelling);
}

constexpr std::string_view kHarmless[] = {
    "<!-- <script src=https://static.hotjar.com/x.js></script> -->",
    "<textarea><script src=https://static.hotjar.com/x.js></script></textarea>",
    "<a href=https://static.hotjar.com/>link</a>",
    "<p title=\"https://static.hotjar.com/\">x</p>",
    "<script type=application/json>{\"a\":\"https://static.hotjar.com/\"}</script>",
    "<img src=https://static.hotjar.com.example.test/x.png>",
    "<img src=https://nothotjar.com/x.png>",
    "<img src=/static.hotjar.com/x.png>",
    "<img src=\"?u=https://static.hotjar.com/\">",
    "<script src=https://www.example.test/hotjar.js></script>",
    "<script>cache.hj(1); eva(2); this.t(3);</script>",
    "<link rel=canonical href=https://static.hotjar.com/>",
    "<style>/* url(https://static.hotjar.com/x) */ a{content:'hotjar.com'}</style>",
};

TEST(Evasion, WhatContactsNobodyStays) {
  TagPage page;
  for (const std::string_view html : kHarmless) {
    EXPECT_EQ(page.rewrite(html), html);
    EXPECT_TRUE(page.notes.held_vendors.empty()) << html;
  }
}

}  // namespace
}  // namespace portvakt::tags
