#include "filters/guard/held_names.h"

#include <gtest/gtest.h>

namespace portvakt::guard {
namespace {

using filters::kAnalytics;
using filters::kMarketing;
using filters::kNecessary;

NeedsOf granting(filters::PurposeSet granted) {
  return [granted](const GuardedName& name) {
    return granted.has(name.purpose) ? std::string(kException) : filters::PurposeNames().name(name.purpose);
  };
}

std::string text_of(const std::vector<HeldName>& names) {
  std::string out;
  for (const auto& [name, needs] : names) out += name + " " + needs + "; ";
  return out;
}

std::string addresses_of(const std::vector<GuardedName>& addresses, filters::PurposeSet granted = {}) {
  return text_of(list_held_addresses(addresses, granting(granted)));
}

TEST(HeldNames, AreThoseWithoutAGrant) {
  const std::vector<GuardedName> hosts{
      {"a.test", kAnalytics}, {".m.test", kMarketing}, {"pay.test", kNecessary}};
  EXPECT_EQ(addresses_of(hosts), ".m.test marketing; a.test analytics; ");
  filters::PurposeSet granted;
  granted.add(kMarketing);
  EXPECT_EQ(addresses_of(hosts, granted), "a.test analytics; ");
}

TEST(HeldNames, LeaveOutWhatABroaderNameSays) {
  EXPECT_EQ(addresses_of({{".m.test", kMarketing}, {"a.m.test", kMarketing}, {".b.m.test", kMarketing}}),
            ".m.test marketing; ");
  EXPECT_EQ(addresses_of({{".m.test", kMarketing}, {"a.m.test", kAnalytics}}),
            ".m.test marketing; a.m.test analytics; ");
  EXPECT_EQ(addresses_of({{"m.test", kMarketing}, {"m.test/a", kMarketing}}), "m.test marketing; ");
}

TEST(HeldNames, NameExceptionsOnlyWhereSomethingIsHeld) {
  EXPECT_EQ(addresses_of({{".m.test", kMarketing}, {"pay.m.test", kNecessary}, {"pay.test", kNecessary}}),
            ".m.test marketing; pay.m.test =; ");
  EXPECT_EQ(addresses_of({{"g.test", kNecessary}, {"g.test/ads", kMarketing}}),
            "g.test =; g.test/ads marketing; ");
  EXPECT_EQ(addresses_of({{".x", kMarketing}, {".b.x", kNecessary}, {"a.b.x", kMarketing}}),
            ".b.x =; .x marketing; a.b.x marketing; ");
}

TEST(HeldNames, HoldShapesOnTheSitesOwnHostOneByOne) {
  EXPECT_EQ(addresses_of({{"/a", kAnalytics}, {"/m", kMarketing}, {"?id=", kMarketing}, {"/n", kNecessary}}),
            "/a analytics; /m marketing; ?id= marketing; ");
}

TEST(HeldNames, GiveACookieOfSeveralOwnersToTheMostLenient) {
  EXPECT_EQ(
      text_of(list_held_keys({{"sp", kMarketing}, {"sp", kAnalytics}, {"_x", kMarketing}}, granting({}))),
      "_x marketing; sp analytics; ");
  filters::PurposeSet granted;
  granted.add(kAnalytics);
  EXPECT_EQ(text_of(list_held_keys({{"sp", kMarketing}, {"sp", kAnalytics}}, granting(granted))), "");
}

}  // namespace
}  // namespace portvakt::guard
