#include "filters/tags/tag_handler.h"

#include "proxy/base/ascii.h"
#include "tests/filters/tags/tag_page.h"

namespace portvakt::tags {
namespace {

struct Case {
  std::string_view name;
  std::string_view in;
  std::string_view out;  // without any consent
};

constexpr std::string_view kGtmSnippet =
    "(function(w,d,s,l,i){w[l]=w[l]||[];w[l].push({'gtm.start':new Date().getTime(),event:'gtm.js'});"
    "var f=d.getElementsByTagName(s)[0],j=d.createElement(s);j.async=true;"
    "j.src='https://www.googletagmanager.com/gtm.js?id='+i;f.parentNode.insertBefore(j,f);"
    "})(window,document,'script','dataLayer','GTM-ABC123');";

// One row an element family. Each is held back without consent and untouched with it.
const Case kFamilies[] = {
    {"script", "a<script async src=\"https://www.google-analytics.com/analytics.js\"></script>b", "ab"},
    {"script text", "a<script src='//static.hotjar.com/c/hotjar-1.js'>x</script>b", "ab"},
    {"module", "<script type=module src=https://cdn.segment.com/a.js></script>", ""},
    {"inline ga",
     "<script>window.dataLayer=window.dataLayer||[];function gtag(){dataLayer.push(arguments);}gtag('js',new "
     "Date());gtag('config','G-1');</script>",
     ""},
    {"inline pixel",
     "<script>!function(f,b,e,v){t=b.createElement(e);t.src=v}(window,document,'script','https://"
     "connect.facebook.net/en_US/fbevents.js');fbq('init','1');</script>",
     ""},
    {"mixed inline",
     "<script>function menu(){open()}\nload('https://www.google-analytics.com/analytics.js');</script>",
     "<script>function menu(){open()}\nload('https://held.invalid/analytics.js');</script>"},
    {"old analytics",
     "<script>var menu=1;document.write('<scr'+'ipt "
     "src=\"'+p+'.google-analytics.com/ga.js\"></scr'+'ipt>')</script>",
     "<script>var menu=1;document.write('<scr'+'ipt "
     "src=\"'+p+'.held.invalid/ga.js\"></scr'+'ipt>')</script>"},
    {"import map",
     "<script type=importmap>{\"imports\":{\"a\":\"https://cdn.segment.com/a.js\",\"b\":\"/b.js\"}}</script>",
     "<script type=importmap>{\"imports\":{\"a\":\"https://held.invalid/a.js\",\"b\":\"/b.js\"}}</script>"},
    {"speculation rules",
     "<script type=speculationrules>{\"prefetch\":[{\"urls\":[\"https://static.hotjar.com/x\"]}]}</script>",
     ""},
    {"image", "a<img src=\"https://px.ads.linkedin.com/collect?pid=1\">b", "ab"},
    {"image with id", "<img id=p src=\"https://px.ads.linkedin.com/collect\">", "<img id=\"p\">"},
    {"srcset", "<img src=\"/a.png\" srcset=\"/a.png 1x, https://px.ads.linkedin.com/a.png 2x\">",
     "<img src=\"/a.png\" srcset=\"/a.png 1x\">"},
    {"picture", "<picture><source srcset=\"https://i.ytimg.com/a.webp\"><img src=\"/a.png\"></picture>",
     "<picture><img src=\"/a.png\"></picture>"},
    {"image button", "<input type=image src=\"https://bat.bing.com/action/0\" alt=x>",
     "<input type=\"image\" alt=\"x\">"},
    {"video",
     "<video poster=\"https://i.ytimg.com/a.jpg\" src=\"https://f.vimeocdn.com/a.mp4\"><track "
     "src=\"https://f.vimeocdn.com/a.vtt\"></video>",
     "<video></video>"},
    {"audio source", "<audio><source src=\"https://w.soundcloud.com/player/a.mp3\"></audio>",
     "<audio></audio>"},
    {"stylesheet", "<link rel=stylesheet href=\"https://fonts.googleapis.com/css2?family=A\">", ""},
    {"preload", "<link rel=preload as=image imagesrcset=\"https://i.ytimg.com/a.webp 1x\">",
     "<link rel=\"preload\" as=\"image\">"},
    {"preconnect", "<link rel=preconnect href=//www.googletagmanager.com>", ""},
    {"dns-prefetch", "<LINK REL='DNS-Prefetch' HREF='//connect.facebook.net'>", ""},
    {"icon", "<link rel=icon href=https://i.ytimg.com/i.ico>", ""},
    {"noscript", "<body><noscript><img src=\"https://www.facebook.com/tr?id=1&ev=PageView\"></noscript>",
     "<body><noscript></noscript>"},
    {"noscript frame",
     "<body><noscript><iframe src=\"https://www.googletagmanager.com/ns.html?id=GTM-A\" height=0 "
     "width=0></iframe></noscript>",
     "<body><noscript></noscript>"},
    {"template", "<template><img src=//bat.bing.com/x></template>", "<template></template>"},
    {"ping", "<a href=/a ping=\"/own https://bat.bing.com/p\">x</a>", "<a href=\"/a\" ping=\"/own\">x</a>"},
    {"refresh", "<meta http-equiv=Refresh content=\"5; URL='https://bat.bing.com/x'\">", ""},
    {"background", "<table background=https://bat.bing.com/x><tr><td background=/own>x</td></tr></table>",
     "<table><tr><td background=/own>x</td></tr></table>"},
    {"style attribute", "<p style=\"color:red;background:url(https://bat.bing.com/x)\">x</p>",
     "<p style=\"color:red;background:url(about:invalid)\">x</p>"},
    {"style element",
     "<style>@import 'https://fonts.googleapis.com/css';a{b:url( \"//bat.bing.com/x\" )}</style>",
     "<style>@import 'about:invalid';a{b:url( 'about:invalid' )}</style>"},
    {"svg image",
     "<svg><image xlink:href=\"https://bat.bing.com/x\"/><use href=\"https://bat.bing.com/x#a\"/></svg>",
     "<svg><image /><use /></svg>"},
    {"svg script", "<svg><script href=\"https://static.hotjar.com/x.js\"></script></svg>", "<svg></svg>"},
    {"svg style", "<svg><style>a{b:url(//bat.bing.com/x);c:'&lt;&amp;'}</style></svg>",
     "<svg><style>a{b:url(about:invalid);c:&#39;&lt;&amp;&#39;}</style></svg>"},
    {"event handler", "<body onload=\"s.src='https://static.hotjar.com/x.js'\">", "<body>"},
    {"lazy image", "<img src=/blank.gif data-src=https://i.ytimg.com/a.jpg>", "<img src=\"/blank.gif\">"},
    {"lazy candidates", "<img data-srcset=\"/a 1x, https://i.ytimg.com/a.jpg 2x\">",
     "<img data-srcset=\"/a 1x\">"},
    {"base", "<base href=https://static.hotjar.com/><script src=x.js></script>",
     "<base href=https://static.hotjar.com/>"},
    {"tracking frame", "<iframe src=\"https://td.doubleclick.net/td/rul\"></iframe>", ""},
    {"frame", "<frameset><frame src=\"https://td.doubleclick.net/x\"></frameset>",
     "<frameset><frame src=\"about:blank\"></frameset>"},
    {"data frame",
     "<iframe src=\"data:text/html,<script src='https://static.hotjar.com/x.js'></script>\"></iframe>", ""},
    {"first-party shape",
     "<script src=\"/stats/matomo.js\"></script><script src=\"/tag/x.js?id=GTM-ABC123\"></script>", ""},
    {"own host", "<script src=\"https://metrics.example.test/b/ss/suite/1\"></script>", ""},
};

TEST(TagHandler, HoldsBackEveryFamilyWithoutConsent) {
  TagPage page;
  for (const Case& one : kFamilies) {
    EXPECT_EQ(page.rewrite(one.in), one.out) << one.name;
    EXPECT_FALSE(page.notes.held_vendors.empty()) << one.name;
  }
}

TEST(TagHandler, TouchesNothingThatIsGranted) {
  TagPage page;
  page.consent = granting_all();
  for (const Case& one : kFamilies) {
    EXPECT_EQ(page.rewrite(one.in), one.in) << one.name;
    EXPECT_TRUE(page.notes.held_vendors.empty()) << one.name;
  }
}

TEST(TagHandler, GivesTheSamePageForEveryCut) {
  TagPage page;
  for (const Case& one : kFamilies) {
    for (std::size_t cut = 0; cut <= one.in.size(); ++cut) {
      ASSERT_EQ(page.rewrite(one.in, cut), one.out) << one.name << " cut at " << cut;
    }
    EXPECT_EQ(page.rewrite_bytewise(one.in), one.out) << one.name;
  }
}

TEST(TagHandler, RemovesTheTagManagerWithItsNoscriptPart) {
  TagPage page;
  const std::string html = "<!doctype html><head><script>" + std::string(kGtmSnippet) +
                           "</script></head><body><noscript><iframe src=\"https://www.googletagmanager.com/"
                           "ns.html?id=GTM-ABC123\" height=\"0\" width=\"0\"></iframe></noscript><p>x";
  EXPECT_EQ(page.rewrite(html), "<!doctype html><head></head><body><noscript></noscript><p>x");
  EXPECT_EQ(page.notes.tags_held[filters::kAnalytics], 2U);
  EXPECT_EQ(page.notes.held_vendors, std::vector<std::string>{"google-tag-manager"});
}

TEST(TagHandler, ObservesWithoutChanging) {
  TagPage page;
  page.rules.mode = Mode::Observe;
  for (const Case& one : kFamilies) {
    EXPECT_EQ(page.rewrite(one.in), one.in) << one.name;
    EXPECT_FALSE(page.notes.held_vendors.empty()) << one.name;
  }
}

TEST(TagHandler, HoldsBackByPurpose) {
  TagPage page;
  page.consent = granting({filters::kAnalytics});
  EXPECT_EQ(page.rewrite("<script src=https://static.hotjar.com/x.js></script><script "
                         "src=https://snap.licdn.com/li.js></script>"),
            "<script src=https://static.hotjar.com/x.js></script>");
}

TEST(TagHandler, LetsAVendorInThatWasChosenByName) {
  TagPage page;
  const std::string_view html = "<iframe src=\"https://www.youtube.com/embed/1\"></iframe>";
  page.consent.vendors_granted = {"youtube"};
  EXPECT_EQ(page.rewrite(html), html);
  page.consent = granting_all();
  page.consent.vendors_refused = {"youtube"};
  EXPECT_NE(page.rewrite(html), html);
}

TEST(TagHandler, PutsAPlaceholderInAnEmbedsPlace) {
  TagPage page;
  page.page.path = "/a&b";
  const std::string out = page.rewrite(
      "<p><iframe id=v class=wide width=640 height=\"360\" "
      "src=\"https://www.youtube.com/embed/1\"></iframe></p>");
  EXPECT_TRUE(out.starts_with(
      "<p><span class=\"portvakt-embed wide\" id=\"v\" data-vendor=\"youtube\" data-purpose=\"marketing\""))
      << out;
  EXPECT_TRUE(ascii::contains(out, "width:640px;height:360px;")) << out;
  EXPECT_TRUE(ascii::contains(out, "</style><b>YouTube</b><br>marketing: not allowed<br>")) << out;
  EXPECT_TRUE(ascii::contains(out, "href=\"/.privacy/?vendor=youtube&amp;return=/a%26b\"")) << out;
  EXPECT_TRUE(out.ends_with("</a></span></p>")) << out;
  EXPECT_FALSE(ascii::contains(out, "youtube.com")) << out;
}

TEST(TagHandler, OffersToAllowAVendorWhereThePageHasTheForm) {
  const std::string html = "<iframe src=\"https://www.youtube.com/embed/1\"></iframe>";
  const std::string allow = "<button form=\"portvakt-f\" name=\"allow\" value=\"youtube\">";
  TagPage page;
  EXPECT_FALSE(ascii::contains(page.rewrite(html), allow));
  page.body_insertion = "<nav>";
  EXPECT_TRUE(ascii::contains(page.rewrite(html), allow));
}

TEST(TagHandler, SpeaksToTheVisitorInTheirLanguage) {
  consent::Locale locale;
  locale.language = "nb", locale.direction = "ltr";
  locale.not_allowed = "ikke <tillatt>", locale.change = "Endre valget",
  locale.marketing.name = "Markedsføring";
  TagPage page;
  page.locale = &locale;
  const std::string out = page.rewrite("<iframe src=\"https://www.youtube.com/embed/1\"></iframe>");
  EXPECT_TRUE(ascii::contains(out,
                              "</style><b>YouTube</b><br>"
                              "Markedsføring: ikke &lt;tillatt&gt;<br>"))
      << out;
  EXPECT_TRUE(ascii::contains(out, ">Endre valget</a></span>")) << out;
}

TEST(TagHandler, LetsOurInsertionsThroughAPolicyInThePage) {
  TagPage page;
  const std::string_view html =
      "<meta http-equiv=\"Content-Security-Policy\" content=\"style-src 'self'\"><meta name=policy "
      "content=x>";
  EXPECT_EQ(page.rewrite(html), html);
  page.extend_policy = [](std::string_view policy) { return std::string(policy) + " 'sha256-T'"; };
  const std::string out = page.rewrite(html);
  EXPECT_TRUE(ascii::contains(out, "style-src &#39;self&#39; &#39;sha256-T&#39;") ||
              ascii::contains(out, "style-src 'self' 'sha256-T'"))
      << out;
  EXPECT_TRUE(out.ends_with("<meta name=policy content=x>")) << out;
  page.extend_policy = [](std::string_view policy) { return std::string(policy); };
  EXPECT_EQ(page.rewrite(html), html);
}

TEST(TagHandler, NeverTouchesPayment) {
  const std::string_view html =
      "<script src=\"https://js.stripe.com/v3/\"></script><iframe "
      "src=\"https://checkout.dibspayment.eu/x\"></iframe>"
      "<script src=https://x.klarnacdn.net/kp/lib/v1/api.js></script><img "
      "src=https://www.paypalobjects.com/a.gif>"
      "<link rel=preconnect href=https://js.mollie.com><iframe src=https://csfe.bankid.no/x></iframe>"
      "<script>var s=Stripe('pk');s.load('https://js.stripe.com/v3/');</script>"
      "<form action=https://checkout.vipps.no/x><iframe "
      "src=https://checkoutshopper-live.adyen.com/x></iframe></form>";
  for (const Mode mode : {Mode::Observe, Mode::Standard, Mode::Strict}) {
    for (const auto& consent : {consent::ConsentState{}, granting({filters::kMarketing}), granting_all()}) {
      TagPage page;
      page.rules.mode = mode;
      page.rules.vendors = {{"stripe", filters::kMarketing}, {"klarna", filters::kMarketing}};
      page.rules.rules = {{"*.stripe.com", filters::kMarketing, "site.yaml", 3}};
      page.consent = consent;
      page.consent.vendors_refused = {"stripe"};
      EXPECT_EQ(page.rewrite(html), html);
    }
  }
}

TEST(TagHandler, KeepsAScriptThatAlsoPays) {
  TagPage page;
  EXPECT_EQ(
      page.rewrite("<script>Stripe('pk');load('https://js.stripe.com/v3/');load('https://static.hotjar.com/"
                   "x.js')</script>"),
      "<script>Stripe('pk');load('https://js.stripe.com/v3/');load('https://held.invalid/x.js')</script>");
}

TEST(TagHandler, LeavesAPageWithoutVendorsByteForByte) {
  TagPage page;
  const std::string_view html =
      "<!DOCTYPE html><HTML lang=en><head><meta charset=utf-8><title>A & B</title><link rel=\"canonical\" "
      "href=https://www.youtube.com/x><link rel=stylesheet "
      "href='/a.css?v=1&amp;x'><style>a{b:url(/c.png)}</style>"
      "<script src=/app.js></script><script>var a = 'x < y'; go(\"/path\");</script></head><body "
      "onload=start()><img src=a.png srcset='a.png 1x,b.png 2x'  ALT=x><a "
      "href=https://www.facebook.com/us>f</a>"
      "<img src=https://unknown.example/x.png><script "
      "type=\"application/ld+json\">{\"@id\":\"https://www.google-analytics.com/\"}</script>"
      "<iframe srcdoc=\"<p>&lt;b&gt;</p>\"></iframe><source data-srcset=/x><p style='color:red'>\0\xff</p>";
  EXPECT_EQ(page.rewrite(html), html);
  EXPECT_EQ(page.rewrite_bytewise(html), html);
}

TEST(TagHandler, LeavesConsentToolsMarkupAlone) {
  TagPage page;
  const std::string_view html =
      "<script type=\"text/plain\" data-category=\"analytics\" "
      "src=\"https://www.google-analytics.com/ga.js\"></script>"
      "<script type=\"text/plain\" "
      "data-cookieconsent=\"marketing\">fbq('init');load('https://connect.facebook.net/x')</script>"
      "<iframe data-cookieconsent=marketing data-src=\"https://www.youtube.com/embed/1\"></iframe>";
  EXPECT_EQ(page.rewrite(html), html);
}

TEST(TagHandler, FiltersDocumentsInsideAttributes) {
  TagPage page;
  EXPECT_EQ(
      page.rewrite(
          "<iframe srcdoc=\"<p>a</p><script src='https://static.hotjar.com/x.js'></script>\"></iframe>"),
      "<iframe srcdoc=\"&lt;p>a&lt;/p>\"></iframe>");
  EXPECT_EQ(page.rewrite("<iframe srcdoc='&lt;img src=&quot;https://bat.bing.com/x&quot;&gt;b'></iframe>"),
            "<iframe srcdoc=\"b\"></iframe>");
}

TEST(TagHandler, JudgesOthersWhenThePagesOwnAddressIsUnreadable) {
  TagPage page;
  page.page = {"", "a b", "?"};
  EXPECT_EQ(page.rewrite("<script src=//static.hotjar.com/x.js></script><img src=/a.png>"),
            "<img src=/a.png>");
}

TEST(TagHandler, EndsDocumentsThatNestWithoutEnd) {
  std::string html = "<script src=https://static.hotjar.com/x.js></script>";
  for (int i = 0; i < 7; ++i) html = "<iframe srcdoc=\"" + ascii::escape_html(html) + "\"></iframe>";
  TagPage page;
  EXPECT_FALSE(ascii::contains(page.rewrite(html), "hotjar"));
}

TEST(TagHandler, HoldsBackTheUnknownInStrictModeOnly) {
  TagPage page;
  const std::string_view html =
      "<script src=https://cdn.unknown.example/a.js></script><script "
      "src=https://code.jquery.com/j.js></script>"
      "<script src=https://static.example.test/own.js></script><script src=/own.js></script>";
  EXPECT_EQ(page.rewrite(html), html);
  page.rules.mode = Mode::Strict;
  EXPECT_EQ(page.rewrite(html),
            "<script src=https://code.jquery.com/j.js></script><script "
            "src=https://static.example.test/own.js></script>"
            "<script src=/own.js></script>");
  EXPECT_EQ(page.notes.tags_held[filters::kMarketing], 1U);
}

TEST(TagHandler, TellsWhatWasJudgedAndByWhichRule) {
  struct Recorder : FindingSink {
    std::string lines;
    void on_finding(Finding finding) override {
      lines += finding.element + " " + finding.what + " " + finding.decision.verdict->vendor->id + " " +
               std::string(finding.decision.verdict->rule) + "\n";
      EXPECT_TRUE(finding.decision.verdict->file.ends_with("config/vendors.yaml"));
      EXPECT_GT(finding.decision.verdict->line, 1);
    }
  } recorder;
  TagPage page;
  const TagPolicy policy(shipped_catalogue(), {});
  const auto handler = make_handler(policy, page.consent, page.page, page.notes, recorder);
  std::string out;
  html::StringOutput output(out);
  html::Rewriter rewriter(*handler, {}, output);
  ASSERT_TRUE(
      rewriter.write("<script src=//static.hotjar.com/a.js></script><script "
                     "src=https://js.stripe.com/v3/></script><img src=/own>"));
  ASSERT_TRUE(rewriter.end());
  EXPECT_EQ(recorder.lines,
            "script //static.hotjar.com/a.js hotjar static.hotjar.com\nscript https://js.stripe.com/v3/ "
            "stripe js.stripe.com\n");
}

}  // namespace
}  // namespace portvakt::tags
