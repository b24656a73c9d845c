#include "filters/cookies/cookie_filter.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "filters/tags/tag_policy.h"
#include "tests/support/fake_clock.h"

namespace portvakt::cookies {
namespace {

using config::Mode;

tags::Vendor vendor(std::string id, filters::Purpose purpose, std::vector<std::string> cookies) {
  tags::Vendor out;
  out.id = std::move(id);
  out.purpose = purpose;
  for (auto& name : cookies) out.cookies.push_back({.name = std::move(name), .reason = {}});
  return out;
}

/// A site with two vendors in its catalogue and two rules of its own.
struct Site {
  tags::VendorCatalogue catalogue{
      {vendor("stats", filters::kAnalytics, {"_ga", "_ga_*"}), vendor("ads", filters::kMarketing, {"_fbp"})},
      "vendors.yaml"};
  tags::TagPolicy tags{catalogue, {}};
  FakeClock clock;
  CookieFilter filter;

  explicit Site(Mode mode = Mode::Standard)
      : filter({.policy = CookiePolicy({{"basket", filters::kNecessary}, {"pref_*", filters::kFunctional}},
                                       &tags, mode),
                .mode = mode}) {}
};

/// One exchange of a visitor: what the upstream gets, what the browser gets.
struct Exchange {
  Site& site;
  http::RequestHead request;
  http::ResponseHead response;
  filters::Notes notes;

  explicit Exchange(Site& at) : site(at) {
    request.method = "GET";
    request.authority = "www.example.test";
    request.headers.add("Sec-Fetch-Dest", "document");
  }
  Exchange& grant(filters::Purpose purpose) {
    notes.consent.granted.add(purpose);
    return *this;
  }
  /// The Cookie field as the upstream gets it; `(none)` if it is gone.
  std::string send(std::string_view cookies, bool tls = false) {
    request.headers.add("Cookie", cookies);
    std::optional<IpAddress> client;
    filters::RequestContext context{request, notes, site.clock, client, tls, std::nullopt, {}};
    EXPECT_EQ(site.filter.on_request(context), filters::Step::Continue);
    return std::string(request.headers.find("cookie").value_or("(none)"));
  }
  /// The Set-Cookie fields that are left.
  std::vector<std::string> receive(const std::vector<std::string>& set_cookies) {
    for (const auto& value : set_cookies) response.headers.add("Set-Cookie", value);
    filters::ResponseContext context{request, response, {}, notes, site.clock, false, {}};
    EXPECT_TRUE(site.filter.on_response(context));
    const auto left = response.headers.all("set-cookie");
    return {left.begin(), left.end()};
  }
};

using Texts = std::vector<std::string>;
constexpr std::string_view kAll = "basket=1; _ga=2; _fbp=3; pref_size=4; own=5";

TEST(CookieFilter, DropsMarketingCookieWithoutConsent) {
  Site site;
  EXPECT_EQ(Exchange(site).send("_fbp=x; own=5"), "own=5");
  EXPECT_EQ(Exchange(site).receive({"_fbp=x; Path=/", "own=5"}), Texts{"own=5"});
}

TEST(CookieFilter, SendsTheUpstreamWhatWasGrantedAndNoMore) {
  Site site;
  EXPECT_EQ(Exchange(site).send(kAll), "basket=1; own=5");
  EXPECT_EQ(Exchange(site).grant(filters::kAnalytics).send(kAll), "basket=1; _ga=2; own=5");
  EXPECT_EQ(Exchange(site).grant(filters::kMarketing).grant(filters::kFunctional).send(kAll),
            "basket=1; _fbp=3; pref_size=4; own=5");
  EXPECT_EQ(Exchange(site)
                .grant(filters::kAnalytics)
                .grant(filters::kMarketing)
                .grant(filters::kFunctional)
                .send(kAll),
            kAll);
}

TEST(CookieFilter, TakesTheFieldAwayWhenNothingIsLeft) {
  Site site;
  EXPECT_EQ(Exchange(site).send("_ga=2; _ga_ABC=3"), "(none)");
}

TEST(CookieFilter, LeavesAFieldWithoutAnythingToHoldAsItWas) {
  Site site;
  EXPECT_EQ(Exchange(site).send("own=5;basket=\"a b\";;odd"), "own=5;basket=\"a b\";;odd");
}

TEST(CookieFilter, FindsCookiesInOddSpelling) {
  Site site;
  EXPECT_EQ(Exchange(site).send(" _ga =2;own=5"), "own=5");
  EXPECT_EQ(Exchange(site).send("own=\"5; _ga=2\""), "own=\"5") << "quotes do not hide a separator";
  Exchange split(site);
  split.request.headers.add("cookie", "own=1");
  EXPECT_EQ(split.send("_ga=2"), "own=1");
}

TEST(CookieFilter, CountsWhatItHeldByPurpose) {
  Site site;
  Exchange exchange(site);
  exchange.send("_ga=2; _ga_X=3; _fbp=4; pref_a=5; own=6");
  exchange.receive({"_ga=2", "_fbp=1", "_fbp=2", "own=3"});
  EXPECT_EQ(exchange.notes.request_cookies_held[filters::kAnalytics], 2U);
  EXPECT_EQ(exchange.notes.request_cookies_held[filters::kMarketing], 1U);
  EXPECT_EQ(exchange.notes.request_cookies_held[filters::kFunctional], 1U);
  EXPECT_EQ(exchange.notes.request_cookies_held[filters::kNecessary], 0U);
  EXPECT_EQ(exchange.notes.response_cookies_held[filters::kAnalytics], 1U);
  EXPECT_EQ(exchange.notes.response_cookies_held[filters::kMarketing], 2U);
}

TEST(CookieFilter, OnlyCountsInObserveMode) {
  Site site(Mode::Observe);
  Exchange exchange(site);
  EXPECT_EQ(exchange.send(kAll), kAll);
  EXPECT_EQ(exchange.receive({"_ga=2", "\x01"}).size(), 2U);
  EXPECT_EQ(exchange.notes.request_cookies_held[filters::kAnalytics], 1U);
  EXPECT_EQ(exchange.notes.response_cookies_held[filters::kAnalytics], 1U);
  EXPECT_TRUE(exchange.notes.set_cookies.empty());
}

TEST(CookieFilter, RefusesUnknownCookiesInStrictMode) {
  Site site(Mode::Strict);
  EXPECT_EQ(Exchange(site).send(kAll), "basket=1");
  EXPECT_EQ(Exchange(site).grant(filters::kMarketing).send("own=5; _ga=1"), "own=5");
  EXPECT_EQ(Exchange(site).receive({"own=5", "basket=1"}), Texts{"basket=1"});
}

TEST(CookieFilter, HearsAChoiceByVendorBeforeTheOneByPurpose) {
  Site site;
  Exchange granted(site);
  granted.notes.consent.vendors_granted = {"ads"};
  EXPECT_EQ(granted.send("_fbp=1; _ga=2"), "_fbp=1");
  Exchange refused(site);
  refused.grant(filters::kMarketing).notes.consent.vendors_refused = {"ads"};
  EXPECT_EQ(refused.send("_fbp=1; own=2"), "own=2");
}

TEST(CookieFilter, DropsASetCookieThatNobodyCanRead) {
  Site site;
  EXPECT_EQ(Exchange(site).receive({"own=\x01", "own=2"}), Texts{"own=2"});
}

TEST(CookieFilter, MakesTheBrowserForgetWhatItMayNotKeep) {
  Site site;
  Exchange exchange(site);
  exchange.send("_ga=2; own=5");
  const std::string gone = "_ga=; Path=/; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT";
  EXPECT_EQ(exchange.notes.set_cookies,
            (Texts{gone, gone + "; Domain=www.example.test", gone + "; Domain=example.test"}));
}

TEST(CookieFilter, ExpiresByTlsWithSecure) {
  Site site;
  Exchange exchange(site);
  exchange.request.authority = "localhost:8443";
  exchange.send("_ga=2", true);
  EXPECT_EQ(exchange.notes.set_cookies,
            Texts{"_ga=; Path=/; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Secure"});
}

TEST(CookieFilter, ExpiresOnDocumentsAlone) {
  Site site;
  Exchange image(site);
  image.request.headers.set("Sec-Fetch-Dest", "image");
  image.send("_ga=2");
  EXPECT_TRUE(image.notes.set_cookies.empty());
  Exchange old_browser(site);
  old_browser.request.headers.remove("Sec-Fetch-Dest");
  old_browser.request.headers.add("Accept", "text/html,*/*");
  old_browser.send("_ga=2");
  EXPECT_FALSE(old_browser.notes.set_cookies.empty());
}

/// `name vendor purpose lifetime`, with a `!` where it was held, a line each.
std::string seen(const Exchange& exchange) {
  std::string out;
  for (const auto& one : exchange.notes.sightings) {
    out += one.name + " " + one.vendor + " " + one.purpose + " " + std::to_string(one.lifetime);
    out += one.held ? " !\n" : "\n";
  }
  return out;
}

TEST(CookieFilter, TellsTheInventoryNamesButNothingThatSinglesOut) {
  Site site;
  Exchange exchange(site);
  exchange.send("_ga_7XK2F9QLPW=GA1.2.3; basket=1; own_5d41402abc4b=5; own_7f41402abc4b=6");
  EXPECT_EQ(seen(exchange), "_ga_* stats analytics -1 !\nbasket  necessary -1\nown_*   -1\n");
  exchange.notes.sightings.clear();
  exchange.receive(
      {"_fbp=x; Max-Age=7776000", "sid=1; Path=/", "old=; Max-Age=0", "pref_size=4; Expires=Thu"});
  EXPECT_EQ(seen(exchange), "_fbp ads marketing 7776000 !\nsid   0\npref_*  functional -1 !\n");
}

TEST(CookieFilter, SeesRequestCookiesWithDocumentsAlone) {
  Site site;
  Exchange image(site);
  image.request.headers.set("Sec-Fetch-Dest", "image");
  image.send("basket=1");
  EXPECT_EQ(seen(image), "");
}

TEST(CookieFilter, SeesABoundedNumber) {
  Site site;
  Exchange exchange(site);
  std::string many;
  for (char c = 'a'; c <= 'z'; ++c) many += std::string(1, c) + "x=1; " + std::string(1, c) + "y=1; ";
  exchange.send(many);
  EXPECT_EQ(exchange.notes.sightings.size(), filters::Notes::kMaxSightings);
}

TEST(CookieFilter, ExpiresABoundedNumber) {
  Site site;
  Exchange exchange(site);
  std::string many;
  for (int i = 0; i < 500; ++i) many += "_ga_" + std::to_string(i) + "=x; ";
  EXPECT_EQ(exchange.send(many), "(none)");
  EXPECT_LE(exchange.notes.set_cookies.size(), 24U * 3);
}

}  // namespace
}  // namespace portvakt::cookies
