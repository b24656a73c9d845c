#include "filters/visitor/organisation_crowds.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/support/fake_clock.h"

namespace portvakt::visitor {
namespace {

IpAddress host(int network, int number = 1) {
  return IpAddress::v4({10, static_cast<std::uint8_t>(network / 256),
                        static_cast<std::uint8_t>(network % 256), static_cast<std::uint8_t>(number)});
}

TEST(OrganisationCrowds, NamesAnOperatorOnlyOnceEnoughNetworksCame) {
  OrganisationCrowds crowds;
  const FakeClock clock;
  for (int network = 0; network < OrganisationCrowds::kNetworks - 1; ++network)
    EXPECT_FALSE(crowds.is_common("Telenor", host(network), clock.wall()));
  for (int network = 0; network < 200; ++network) crowds.is_common("Telenor", host(network), clock.wall());
  EXPECT_TRUE(crowds.is_common("Telenor", host(1), clock.wall()));
  EXPECT_FALSE(crowds.is_common("Fjordverk AS", host(1), clock.wall())) << "each operator counts by itself";
}

TEST(OrganisationCrowds, NeverNamesOneThatHasASingleNetworkHoweverManyCome) {
  OrganisationCrowds crowds;
  const FakeClock clock;
  for (int i = 0; i < 5000; ++i)
    EXPECT_FALSE(crowds.is_common("Fjordverk AS", host(7, i % 250), clock.wall()));
}

TEST(OrganisationCrowds, BeginsAnewEveryDay) {
  OrganisationCrowds crowds;
  FakeClock clock;
  for (int network = 0; network < 200; ++network) crowds.is_common("Telenor", host(network), clock.wall());
  EXPECT_TRUE(crowds.is_common("Telenor", host(1), clock.wall()));
  clock.advance(std::chrono::hours{24});
  EXPECT_FALSE(crowds.is_common("Telenor", host(1), clock.wall()));
}

TEST(OrganisationCrowds, StaysBoundedAndThenNamesNobodyNew) {
  OrganisationCrowds crowds;
  const FakeClock clock;
  for (int i = 0; i < 20'000; ++i) crowds.is_common("company " + std::to_string(i), host(1), clock.wall());
  for (int network = 0; network < 200; ++network)
    EXPECT_FALSE(crowds.is_common("latecomer", host(network), clock.wall()));
}

}  // namespace
}  // namespace portvakt::visitor
