#include "filters/tags/vendor_catalogue.h"

#include <set>

#include "tests/filters/tags/tag_page.h"

namespace portvakt::tags {
namespace {

std::string vendor_of(std::string_view address, Party party = Party::Third) {
  const auto verdict = shipped_catalogue().find_url(http::parse_url(address), party);
  return verdict ? verdict->vendor->id : "none";
}

TEST(VendorCatalogue, FindsVendorsByHostAndPath) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"https://www.google-analytics.com/g/collect?v=2", "google-analytics-4"},
      {"https://region7.google-analytics.com/g/collect", "google-analytics-4"},
      {"https://www.googletagmanager.com/gtm.js?id=GTM-ABCD", "google-tag-manager"},
      {"https://www.googletagmanager.com/gtag/js?id=G-ABCD", "google-analytics-4"},
      {"https://www.googletagmanager.com/gtag/js?l=x&id=AW-12345", "google-ads"},
      {"https://www.googletagmanager.com/gtag/js?id=DC-12345", "doubleclick"},
      {"https://connect.facebook.net/en_US/fbevents.js", "meta-pixel"},
      {"https://connect.facebook.net/nb_NO/sdk.js", "facebook-social"},
      {"https://www.facebook.com/tr?id=1", "meta-pixel"},
      {"https://www.facebook.com/%74r?id=1", "meta-pixel"},
      {"https://www.facebook.com/travel", "facebook-social"},
      {"https://www.google.com/maps/embed?pb=1", "google-maps"},
      {"https://www.google.no/pagead/1p-user-list/1/", "google-ads"},
      {"https://www.google.co.uk/ads/ga-audiences", "google-ads"},
      {"https://www.google.com/recaptcha/api.js", "google-recaptcha"},
      {"https://www.google.com/logos/x.png", "none"},
      {"https://stats.g.doubleclick.net/j/collect", "google-analytics-4"},
      {"https://fls.doubleclick.net/activityi;x", "doubleclick"},
      {"https://hotjar.com/", "hotjar"},
      {"https://a.b.hotjar.com./", "hotjar"},
      {"https://mc.us12.list-manage.com/x", "mailchimp"},
      {"https://secure.leaf8wind.com/js/123456.js", "lead-forensics"},
      {"https://secure.leaf8wind.com/js/app.js", "none"},
      {"https://js.stripe.com/v3/", "stripe"},
      {"https://stats.agency.example/matomo.js", "matomo"},
      {"https://unknown.example/", "none"},
  };
  for (const auto& [address, vendor] : cases) EXPECT_EQ(vendor_of(address), vendor) << address;
}

TEST(VendorCatalogue, KnowsVendorsServedFromTheSiteItself) {
  EXPECT_EQ(vendor_of("https://a.test/gtm.js?id=GTM-ABCD", Party::First), "google-tag-manager");
  EXPECT_EQ(vendor_of("https://a.test/x?v=2&tid=G-ABCDEF&cid=1", Party::First), "google-analytics-4");
  EXPECT_EQ(vendor_of("https://a.test/stats/piwik.php?x", Party::First), "matomo");
  EXPECT_EQ(vendor_of("https://a.test/b/ss/x", Party::First), "adobe-analytics");
  EXPECT_EQ(vendor_of("https://a.test/shop?id=G-7", Party::First), "none");
  EXPECT_EQ(vendor_of("https://a.test/api/events", Party::First), "none");
  EXPECT_EQ(vendor_of("https://a.test/js/script.js", Party::First), "none");
  EXPECT_EQ(vendor_of("https://www.google-analytics.com/ga.js", Party::First), "none");
}

TEST(VendorCatalogue, SaysWhereTheRuleStands) {
  const auto verdict = shipped_catalogue().find_url(http::parse_url("https://x.hotjar.io/"), Party::Third);
  ASSERT_TRUE(verdict);
  EXPECT_EQ(verdict->rule, "*.hotjar.io");
  EXPECT_EQ(verdict->purpose, filters::kAnalytics);
  EXPECT_TRUE(verdict->file.ends_with("config/vendors.yaml"));
  EXPECT_GT(verdict->line, verdict->vendor->line);
}

TEST(VendorCatalogue, JudgesBareHostsByTheirStrictestVendor) {
  const auto purpose = [](std::string_view host) { return shipped_catalogue().find_host(host)->purpose; };
  EXPECT_EQ(purpose("www.googletagmanager.com"), filters::kMarketing);
  EXPECT_EQ(purpose("fonts.gstatic.com"), filters::kFunctional);
  EXPECT_EQ(purpose("js.stripe.com"), filters::kNecessary);
  EXPECT_FALSE(shipped_catalogue().find_host("unknown.example"));
}

TEST(VendorCatalogue, FindsInlineScripts) {
  const auto vendor = [](std::string_view script) -> std::string {
    const auto verdict = shipped_catalogue().find_inline(script);
    return verdict ? verdict->vendor->id : "none";
  };
  EXPECT_EQ(vendor("_linkedin_partner_id='1'"), "linkedin-insight");
  EXPECT_EQ(vendor("a.push({'gtm.start':1})"), "google-tag-manager");
  EXPECT_EQ(vendor("hj('x')"), "none") << "a short text alone is no proof";
  EXPECT_EQ(vendor("(function(h){h.hj=1;h._hjSettings={}})(window);hj('x')"), "hotjar");
  EXPECT_EQ(vendor("i.src='https://static.hotjar.com/c/x.js'"), "hotjar");
  EXPECT_EQ(vendor("var link='https://www.facebook.com/acme'"), "none") << "a link, nothing loads";
  EXPECT_EQ(vendor("load('https://www.facebook.com/plugins/like.php')"), "facebook-social");
  EXPECT_EQ(vendor("var total = a.qp(1) + cova(2)"), "none");
}

TEST(VendorCatalogue, FindsCookiesOfTheSitesOwnHost) {
  const auto purpose = [](std::string_view name) -> int {
    const auto verdict = shipped_catalogue().find_cookie(name);
    return verdict ? verdict->purpose : -1;
  };
  EXPECT_EQ(purpose("_ga"), filters::kAnalytics);
  EXPECT_EQ(purpose("_ga_ABC123"), filters::kAnalytics);
  EXPECT_EQ(purpose("_gac_gb_1"), filters::kMarketing) << "the longer pattern says more";
  EXPECT_EQ(purpose("_fbp"), filters::kMarketing);
  EXPECT_EQ(purpose("MUID"), -1) << "lives on the vendor's domain";
  EXPECT_EQ(purpose("uid"), -1);
  EXPECT_EQ(purpose("__cf_bm"), filters::kNecessary);
  EXPECT_EQ(purpose("csrftoken"), filters::kNecessary);
  EXPECT_EQ(purpose("JSESSIONID"), filters::kNecessary);
  EXPECT_EQ(purpose("__Host-basket"), filters::kNecessary);
  EXPECT_EQ(purpose("basket"), -1);
}

TEST(VendorCatalogue, LeavesPaymentUntouchable) {
  std::set<std::string> untouchable;
  for (const Vendor& vendor : shipped_catalogue().vendors()) {
    if (vendor.untouchable) untouchable.insert(vendor.id);
    EXPECT_EQ(vendor.untouchable, vendor.kind == "payment" || vendor.id == "nordic-eid") << vendor.id;
  }
  for (const char* id :
       {"stripe", "mollie", "nets", "klarna", "vipps-mobilepay", "adyen", "paypal", "nordic-eid"}) {
    EXPECT_TRUE(untouchable.contains(id)) << id;
  }
}

TEST(VendorCatalogue, ShipsTheWholeList) {
  EXPECT_EQ(shipped_catalogue().vendors().size(), 167U);
}

}  // namespace
}  // namespace portvakt::tags
