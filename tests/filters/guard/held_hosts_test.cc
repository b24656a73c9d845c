#include "filters/guard/held_hosts.h"

#include <gtest/gtest.h>

namespace portvakt::guard {
namespace {

using filters::kAnalytics;
using filters::kMarketing;
using filters::kNecessary;

std::string lists_of(const std::vector<GuardedName>& hosts, filters::PurposeSet granted = {}) {
  std::string out;
  for (const auto& [purpose, list] : list_held_hosts(hosts, filters::PurposeNames(), granted)) {
    out += purpose + ": " + list + "; ";
  }
  return out;
}

TEST(HeldHosts, AreListedByPurposeWithoutThoseGranted) {
  const std::vector<GuardedName> hosts{
      {"a.test", kAnalytics}, {".m.test", kMarketing}, {"pay.test", kNecessary}};
  EXPECT_EQ(lists_of(hosts), "analytics: a.test; marketing: .m.test; ");
  filters::PurposeSet granted;
  granted.add(kMarketing);
  EXPECT_EQ(lists_of(hosts, granted), "analytics: a.test; ");
}

TEST(HeldHosts, LeaveOutWhatABroaderNameSays) {
  EXPECT_EQ(lists_of({{".m.test", kMarketing}, {"a.m.test", kMarketing}, {".b.m.test", kMarketing}}),
            "marketing: .m.test; ");
  EXPECT_EQ(lists_of({{".m.test", kMarketing}, {"a.m.test", kAnalytics}}),
            "analytics: a.m.test; marketing: .m.test; ");
}

TEST(HeldHosts, NameExceptionsOnlyWhereSomethingIsHeld) {
  EXPECT_EQ(lists_of({{".m.test", kMarketing}, {"pay.m.test", kNecessary}, {"pay.test", kNecessary}}),
            "=: pay.m.test; marketing: .m.test; ");
  EXPECT_EQ(lists_of({{"g.test", kNecessary}, {"g.test/ads", kMarketing}}),
            "=: g.test; marketing: g.test/ads; ");
  EXPECT_EQ(lists_of({{".x", kMarketing}, {".b.x", kNecessary}, {"a.b.x", kMarketing}}),
            "=: .b.x; marketing: .x a.b.x; ");
}

}  // namespace
}  // namespace portvakt::guard
