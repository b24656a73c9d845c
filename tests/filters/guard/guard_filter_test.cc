#include "filters/guard/guard_filter.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "filters/tags/tag_policy.h"
#include "tests/support/fake_clock.h"

namespace portvakt::guard {
namespace {

using config::Mode;

tags::Vendor vendor(std::string id, filters::Purpose purpose, std::string host) {
  tags::Vendor out;
  out.id = std::move(id);
  out.purpose = purpose;
  out.hosts.push_back({std::move(host), 1});
  return out;
}

struct Site {
  tags::VendorCatalogue catalogue{{vendor("stats", filters::kAnalytics, "*.stats.test"),
                                   vendor("pay", filters::kNecessary, "js.pay.test")},
                                  "vendors.yaml"};
  tags::TagPolicy policy;
  FakeClock clock;
  GuardFilter filter;

  static tags::SiteRules rules(Mode mode) {
    tags::SiteRules out;
    if (mode == Mode::Observe) out.mode = tags::Mode::Observe;
    if (mode == Mode::Strict) out.mode = tags::Mode::Strict;
    return out;
  }
  GuardSettings settings(Mode mode) const {
    GuardSettings out;
    out.mode = mode;
    out.script = make_script_settings(policy);
    out.extra_styles = {"a{}"};
    out.allowed_hosts = {"cdn.test"};
    out.policy = &policy;
    return out;
  }
  explicit Site(Mode mode = Mode::Standard) : policy(catalogue, rules(mode)), filter(settings(mode)) {}
};

struct Answer {
  http::RequestHead request;
  http::ResponseHead head;
  filters::Notes notes;
  std::optional<IpAddress> client;

  explicit Answer(std::string_view type) {
    request.scheme = "https";
    request.authority = "www.example.test";
    request.target = "/page";
    head.headers.add("Content-Type", type);
  }
  Answer& with(std::string_view name, std::string_view value) {
    head.headers.add(name, value);
    return *this;
  }
  Answer& pass(const Site& site) {
    filters::ResponseContext context{request, head, {}, notes, site.clock, true, {}};
    EXPECT_TRUE(site.filter.on_response(context));
    return *this;
  }
  std::string get(std::string_view name) const {
    return std::string(head.headers.find(name).value_or("(none)"));
  }
};

TEST(GuardFilter, PutsTheGuardBeforeEverythingElseInHead) {
  Site site;
  Answer answer("text/html; charset=utf-8");
  answer.notes.head_insertion = "<meta name=other>";
  answer.pass(site);
  EXPECT_TRUE(answer.notes.head_insertion.starts_with("<script>(function"));
  EXPECT_TRUE(answer.notes.head_insertion.ends_with("</script><meta name=other>"));
  EXPECT_NE(answer.notes.head_insertion.find(",\"h\":{\"analytics\":"), std::string::npos);
}

/// What a body becomes on its way through the transforms that a filter laid.
struct Collected : filters::BodySink {
  std::string text;
  void write(std::string_view bytes) override { text += bytes; }
  void end(const http::HeaderMap&) override { text += "|end"; }
  void abort(const Error&) override { text += "|abort"; }
};

TEST(GuardFilter, PutsTheGuardBeforeTheScriptOfAWorker) {
  Site site;
  for (const std::string_view kind : {"worker", "sharedworker", "serviceworker"}) {
    Answer answer("text/javascript");
    answer.request.headers.set("Sec-Fetch-Dest", kind);
    answer.request.headers.set("Accept-Encoding", "gzip");
    answer.request.headers.set("If-None-Match", "\"a\"");
    filters::RequestContext request{answer.request, answer.notes, site.clock, answer.client, false, {}, {}};
    site.filter.on_request(request);
    EXPECT_EQ(answer.request.headers.find("Accept-Encoding"), "identity");
    EXPECT_FALSE(answer.request.headers.find("If-None-Match"));
    answer.with("ETag", "\"a\"");
    filters::ResponseContext context{answer.request, answer.head, {false, 5}, answer.notes,
                                     site.clock,     false,       {}};
    ASSERT_TRUE(site.filter.on_response(context));
    EXPECT_EQ(answer.get("etag"), "(none)");
    EXPECT_FALSE(context.length.bytes);
    ASSERT_EQ(context.transforms.size(), 1U);
    Collected body;
    context.transforms.front()->connect(body);
    for (const auto* chunk : {"o", "wn", "()"}) context.transforms.front()->write(chunk);
    context.transforms.front()->end({});
    EXPECT_TRUE(body.text.starts_with("(function")) << kind;
    EXPECT_TRUE(body.text.ends_with("})\nown()|end")) << kind;
  }
}

TEST(GuardFilter, LetsAWorkerItCannotReadContactItsOwnSiteOnly) {
  Site site;
  Answer answer("text/javascript");
  answer.request.headers.set("Service-Worker", "script");
  answer.with("Content-Encoding", "br").pass(site);
  EXPECT_NE(answer.get("content-security-policy").find("'self'"), std::string::npos);
}

TEST(GuardFilter, LeavesWhatIsNotHtmlAlone) {
  Site site;
  for (const std::string_view type : {"text/css", "application/json", "image/png", ""}) {
    Answer answer(type);
    answer.with("Content-Security-Policy", "script-src 'self'").pass(site);
    EXPECT_EQ(answer.notes.head_insertion, "") << type;
    EXPECT_EQ(answer.get("content-security-policy"), "script-src 'self'") << type;
  }
}

TEST(GuardFilter, LetsItsOwnTextsThroughThePolicy) {
  Site site;
  Answer answer("text/html");
  answer.with("Content-Security-Policy", "default-src 'self'").pass(site);
  const auto& markup = answer.notes.head_insertion;
  const auto source = markup.substr(8, markup.size() - 8 - 9);
  EXPECT_NE(answer.get("content-security-policy").find("script-src 'self' " + csp_hash(source)),
            std::string::npos);
  EXPECT_NE(answer.get("content-security-policy").find("style-src 'self' " + csp_hash("a{}")),
            std::string::npos);
}

TEST(GuardFilter, KnowsHowToExtendAPolicyInTheDocument) {
  Site site;
  Answer answer("text/html");
  EXPECT_FALSE(answer.notes.extend_policy);
  answer.pass(site);
  EXPECT_EQ(answer.notes.extend_policy("style-src 'self'"), "style-src 'self' " + csp_hash("a{}"));
}

TEST(GuardFilter, CarriesTheSitesNonceOnAllOfOurElements) {
  Site site;
  Answer answer("text/html");
  answer.notes.head_insertion = "<style>a{}</style><script>b</script>";
  answer.with("Content-Security-Policy", "script-src 'nonce-n1'; style-src 'nonce-n2'").pass(site);
  EXPECT_TRUE(answer.notes.head_insertion.starts_with("<script nonce=\"n1\">(function"));
  EXPECT_TRUE(answer.notes.head_insertion.ends_with(
      "<style nonce=\"n2\">a{}</style><script nonce=\"n1\">b</script>"));
  EXPECT_EQ(answer.get("content-security-policy"), "script-src 'nonce-n1'; style-src 'nonce-n2'");
}

TEST(GuardFilter, ExtendsThePolicyOfA304LikeThePagesOwn) {
  Site site;
  Answer page("text/html");
  page.with("Content-Security-Policy", "script-src 'self'").pass(site);
  Answer fresh("");
  fresh.head.status = 304;
  fresh.with("Content-Security-Policy", "script-src 'self'").pass(site);
  EXPECT_EQ(fresh.get("content-security-policy"), page.get("content-security-policy"));
}

TEST(GuardFilter, RefusesThirdPartiesByPolicyInStrictMode) {
  Site site(Mode::Strict);
  EXPECT_EQ(Answer("text/html").pass(site).get("content-security-policy"),
            "default-src 'self' data: blob: 'unsafe-inline' 'unsafe-eval' cdn.test js.pay.test");
  Answer granted("text/html");
  granted.notes.consent.granted.add(filters::kAnalytics);
  EXPECT_EQ(granted.pass(site).get("content-security-policy"),
            "default-src 'self' data: blob: 'unsafe-inline' 'unsafe-eval' cdn.test js.pay.test *.stats.test "
            "stats.test");
}

TEST(GuardFilter, RefusesThirdPartiesToDocumentsThatAreNotRewritten) {
  Site site;
  EXPECT_NE(Answer("application/xhtml+xml").pass(site).get("content-security-policy"), "(none)");
  EXPECT_NE(Answer("image/svg+xml").pass(site).get("content-security-policy"), "(none)");
  EXPECT_EQ(Answer("application/xhtml+xml").pass(site).notes.head_insertion, "") << "HTML would break XML";
  Answer picture("image/svg+xml");
  picture.request.headers.add("Sec-Fetch-Dest", "image");
  EXPECT_EQ(picture.pass(site).get("content-security-policy"), "(none)");
}

TEST(GuardFilter, HoldsNothingInObserveMode) {
  Site site(Mode::Observe);
  Answer answer("text/html");
  answer.with("Link", "<https://a.stats.test/x.js>; rel=preload").pass(site);
  EXPECT_EQ(answer.notes.head_insertion.find("stats.test"), std::string::npos);
  EXPECT_NE(answer.notes.head_insertion.find("portvakt"), std::string::npos) << "the page's API is there";
  EXPECT_EQ(answer.get("link"), "<https://a.stats.test/x.js>; rel=preload");
  EXPECT_EQ(answer.notes.tags_held[filters::kAnalytics], 1U);
}

TEST(ResponseHeaders, LoseVendorsWithoutConsent) {
  Site site;
  const auto after = [&](std::string_view name, std::string_view value) {
    return Answer("text/plain").with(name, value).pass(site).get(name);
  };
  EXPECT_EQ(after("Link", "<https://a.stats.test/x.js>; rel=preload; as=script"), "(none)");
  EXPECT_EQ(
      after(
          "Link",
          "</a,b.css>; rel=preload, <https://a.stats.test>; rel=\"preconnect\", <https://c.test>; rel=next"),
      "</a,b.css>; rel=preload, <https://c.test>; rel=next");
  EXPECT_EQ(after("Link", "<//A.Stats.test/>; rel=dns-prefetch"), "(none)");
  EXPECT_EQ(after("Link", "<https://a.stats.test/terms>; rel=license"),
            "<https://a.stats.test/terms>; rel=license");
  EXPECT_EQ(after("Refresh", "5; url=https://a.stats.test/"), "(none)");
  EXPECT_EQ(after("Refresh", "0;URL = 'https://a.stats.test/'"), "(none)");
  EXPECT_EQ(after("Refresh", "5; url=/next"), "5; url=/next");
  EXPECT_EQ(after("Refresh", "5"), "5");
  EXPECT_EQ(after("Reporting-Endpoints", "a=\"https://a.stats.test/r\", b=\"/r\""), "b=\"/r\"");
  EXPECT_EQ(after("Report-To", R"({"group":"g","endpoints":[{"url":"https:\/\/a.stats.test\/r"}]})"),
            "(none)");
  EXPECT_EQ(after("Report-To", R"({"group":"g","endpoints":[{"url":"https://www.example.test/r"}]})"),
            R"({"group":"g","endpoints":[{"url":"https://www.example.test/r"}]})");
}

TEST(ResponseHeaders, LoseErrorLoggingWithItsGroup) {
  Site site;
  Answer answer("text/plain");
  answer.with("Report-To", R"({"group":"g","endpoints":[{"url":"https://a.stats.test/r"}]})")
      .with("NEL", R"({"report_to":"g"})")
      .pass(site);
  EXPECT_EQ(answer.get("nel"), "(none)");
}

TEST(ResponseHeaders, KeepVendorsWithConsentAndCountThoseWithout) {
  Site site;
  Answer held("text/plain");
  held.with("Link", "<https://a.stats.test/x.js>; rel=preload").pass(site);
  EXPECT_EQ(held.notes.tags_held[filters::kAnalytics], 1U);
  EXPECT_EQ(held.notes.held_vendors, std::vector<std::string>{"stats"});
  Answer granted("text/plain");
  granted.notes.consent.granted.add(filters::kAnalytics);
  granted.with("Link", "<https://a.stats.test/x.js>; rel=preload").pass(site);
  EXPECT_EQ(granted.get("link"), "<https://a.stats.test/x.js>; rel=preload");
}

}  // namespace
}  // namespace portvakt::guard
