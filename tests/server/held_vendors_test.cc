#include "proxy/server/held_vendors.h"

#include <gtest/gtest.h>

#include "filters/tags/catalogue_reader.h"
#include "tests/support/source_file.h"

namespace portvakt::server {
namespace {

class HeldVendors : public testing::Test {
 protected:
  HeldVendors() {
    Diagnostics faults;
    catalogue_ = tags::read_catalogue(test::source_file("config/vendors.yaml"), faults);
    model_.sites.emplace_back().name = "a";
  }

  config::Site& site() { return model_.sites.front(); }
  std::string why(const std::string& id) const {
    const auto held = held_vendors(model_.sites.front(), *catalogue_);
    const auto found = held.find(id);
    return found == held.end() ? "released" : found->second;
  }
  std::string warnings() {
    Diagnostics diagnostics;
    check_vendors(model_, *catalogue_, diagnostics);
    return diagnostics.format();
  }

  std::unique_ptr<tags::VendorCatalogue> catalogue_;
  config::Model model_;
};

TEST_F(HeldVendors, AreNoneUnlessTheSiteSaysSo) {
  EXPECT_TRUE(held_vendors(site(), *catalogue_).empty());
  EXPECT_EQ(warnings(), "");
}

TEST_F(HeldVendors, AreThoseWithoutAnAgreement) {
  site().agreements = {{"google-analytics-4", config::Agreement::None},
                       {"hotjar", config::Agreement::Signed}};
  EXPECT_EQ(why("google-analytics-4"), "agreement");
  EXPECT_EQ(why("hotjar"), "released");
  EXPECT_EQ(why("meta-pixel"), "released");
  site().hold.unsigned_vendors = config::UnsignedVendors::All;
  EXPECT_EQ(why("hotjar"), "released");
  EXPECT_EQ(why("meta-pixel"), "agreement");
  EXPECT_EQ(why("stripe"), "released") << "payment is never held back";
  EXPECT_EQ(why("matomo"), "released") << "the site's own";
  site().hold.unsigned_vendors = config::UnsignedVendors::Off;
  EXPECT_EQ(why("google-analytics-4"), "released");
}

TEST_F(HeldVendors, AreThoseOfACountryOrOutsideTheEea) {
  site().hold.countries = {"US"};
  EXPECT_EQ(why("google-analytics-4"), "country");
  EXPECT_EQ(why("stripe"), "released");
  EXPECT_EQ(why("yandex-metrica"), "released");
  site().hold.outside_eea = true;
  EXPECT_EQ(why("yandex-metrica"), "country");
  for (const auto& vendor : catalogue_->vendors()) {
    if (vendor.country != "NO" && vendor.country != "FI") continue;
    EXPECT_EQ(why(vendor.id), "released") << vendor.id;
  }
}

TEST_F(HeldVendors, AreThoseThatIdentifyVisitors) {
  site().hold.identification = true;
  std::size_t held = 0;
  for (const auto& [id, reason] : held_vendors(site(), *catalogue_))
    held += reason == "identification" ? 1 : 0;
  EXPECT_GE(held, 5U);
  EXPECT_EQ(why("google-analytics-4"), "released");
}

TEST_F(HeldVendors, AreWarnedOfWhereTheLawSaysOtherwise) {
  site().vendors["google-analytics-4"] = "necessary";
  EXPECT_NE(warnings().find("ePrivacy Directive, article 5(3); GDPR, article 6(1)(a)"), std::string::npos);
  site().vendors = {{"google-analytics-4", "analytics"}};
  EXPECT_EQ(warnings(), "");
  site().agreements = {{"hotjar", config::Agreement::Signed}};
  EXPECT_NE(warnings().find("`agreements` does not name it (GDPR, article 28(3))"), std::string::npos);
  site().vendors.clear();
  site().agreements = {{"hotjar", config::Agreement::None}};
  EXPECT_EQ(warnings(), "") << "held until signed";
  site().hold.unsigned_vendors = config::UnsignedVendors::Off;
  EXPECT_NE(warnings().find("released without a data-processing agreement (GDPR, article 28(3))"),
            std::string::npos);
  site().agreements = {{"hotjaar", config::Agreement::Signed}};
  EXPECT_NE(warnings().find("no vendor `hotjaar`"), std::string::npos);
  site().agreements.clear();
  site().cookies["_ga"] = "necessary";
  EXPECT_NE(warnings().find("is let through without consent (ePrivacy Directive, article 5(3))"),
            std::string::npos);
  site().cookies = {{"basket", "necessary"}};
  EXPECT_EQ(warnings(), "");
}

}  // namespace
}  // namespace portvakt::server
