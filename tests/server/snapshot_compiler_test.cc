#include "proxy/server/snapshot_compiler.h"

#include <gtest/gtest.h>

#include "proxy/server/site_compiler.h"
#include "tests/server/server_fixture.h"

namespace portvakt::server {
namespace {

class SnapshotCompiler : public testing::Test {
 protected:
  Result<std::shared_ptr<const exchange::Snapshot>> compile(std::uint64_t generation = 1) {
    return compile_snapshot(model, generation, counters, diagnostics);
  }

  test::Scratch folder;
  config::Model model = test::one_site(folder.path(), 9);
  SiteCounterMap counters;
  Diagnostics diagnostics;
};

TEST_F(SnapshotCompiler, BuildsASiteWithItsFiltersAndItsRoute) {
  const auto snapshot = compile(7);
  ASSERT_TRUE(snapshot) << snapshot.error().detail;
  EXPECT_EQ((*snapshot)->generation, 7U);
  ASSERT_EQ((*snapshot)->sites.size(), 1U);
  const auto& site = *(*snapshot)->sites[0];
  EXPECT_EQ(site.name, "a");
  EXPECT_EQ(site.filters.size(), 7U) << "visitor, https, consent, events, cookies, html, guard";
  EXPECT_EQ((*snapshot)->router.find("a.test"), &site);
  EXPECT_EQ((*snapshot)->router.find("b.test"), nullptr);
}

TEST_F(SnapshotCompiler, LeavesOnlyTheVisitorAndTheWayToHttpsWhereFilteringIsOff) {
  model.sites[0].filter = false;
  const auto snapshot = compile();
  ASSERT_TRUE(snapshot);
  EXPECT_EQ((*snapshot)->sites[0]->filters.size(), 2U) << "visitor, https";
}

TEST_F(SnapshotCompiler, AsksNobodyForConsentWhereItOnlyObserves) {
  model.sites[0].mode = config::Mode::Observe;
  const auto snapshot = compile();
  ASSERT_TRUE(snapshot);
  EXPECT_EQ((*snapshot)->sites[0]->filters.size(), 5U) << "all but consent";
}

TEST_F(SnapshotCompiler, KeepsCountersAcrossReloadsAlsoOfSitesThatComeBack) {
  const auto first = compile();
  ASSERT_TRUE(first);
  auto* const counted = (*first)->sites[0]->counters;
  model.sites[0].name = "b";
  const auto second = compile(2);
  ASSERT_TRUE(second);
  EXPECT_NE((*second)->sites[0]->counters, counted);
  model.sites[0].name = "a";
  const auto third = compile(3);
  ASSERT_TRUE(third);
  EXPECT_EQ((*third)->sites[0]->counters, counted);
}

TEST_F(SnapshotCompiler, TakesTheLimits) {
  model.limits.max_body = 1234;
  model.limits.idle_timeout = std::chrono::seconds(7);
  model.limits.connect_timeout = std::chrono::seconds(3);
  const auto snapshot = compile();
  ASSERT_TRUE(snapshot);
  EXPECT_EQ((*snapshot)->limits.max_body, 1234U);
  EXPECT_EQ((*snapshot)->limits.idle_timeout, std::chrono::seconds(7));
  EXPECT_EQ((*snapshot)->pool.connect_timeout, std::chrono::seconds(3));
}

TEST_F(SnapshotCompiler, NamesTheSiteWhoseUpstreamHasNoAddress) {
  model.sites[0].upstreams[0].address.host = "no such name";
  const auto snapshot = compile();
  ASSERT_FALSE(snapshot);
  EXPECT_NE(snapshot.error().detail.find("site a: "), std::string::npos) << snapshot.error().detail;
}

TEST_F(SnapshotCompiler, RefusesAGeoFileThatIsNoDatabase) {
  model.geo.country = folder.path();
  EXPECT_FALSE(compile());
}

TEST_F(SnapshotCompiler, RefusesAConfigurationWithoutASigningKey) {
  model.consent.signing_keys.clear();
  const auto snapshot = compile();
  ASSERT_FALSE(snapshot);
  EXPECT_NE(snapshot.error().detail.find("consent.signing_keys"), std::string::npos);
}

TEST_F(SnapshotCompiler, MakesTheSigningKeyOnceAndReadsItThen) {
  ASSERT_TRUE(compile());
  const auto made = std::filesystem::last_write_time(folder.path() / "consent.key");
  ASSERT_TRUE(compile(2));
  EXPECT_EQ(std::filesystem::last_write_time(folder.path() / "consent.key"), made);
}

TEST_F(SnapshotCompiler, RefusesACatalogueWithErrors) {
  model.vendors_file = folder.path() / "none.yaml";
  const auto snapshot = compile();
  ASSERT_FALSE(snapshot);
  EXPECT_NE(snapshot.error().detail.find("none.yaml"), std::string::npos);
}

TEST_F(SnapshotCompiler, GivesAVendorThePurposeThatTheSiteSays) {
  model.sites[0].vendors["youtube"] = "analytics";
  const tags::VendorCatalogue catalogue({}, "none");
  const auto rules = tag_rules(model, model.sites[0], catalogue);
  ASSERT_TRUE(rules);
  EXPECT_EQ(rules->purposes.name(rules->vendors.at("youtube")), "analytics");
  model.sites[0].vendors["youtube"] = "entertainment";
  const auto refused = tag_rules(model, model.sites[0], catalogue);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().detail.find("unknown purpose entertainment"), std::string::npos);
  EXPECT_FALSE(compile());
}

}  // namespace
}  // namespace portvakt::server
