#include "filters/consent/frozen_cookie.h"

#include "tests/filters/consent/rights_exchange.h"

namespace portvakt::consent {
namespace {

using FrozenCookieTest = RightsExchange;

TEST_F(FrozenCookieTest, AForgedFrozenCookieIsNone) {
  accept();
  post("restrict");
  const auto good = jar_.at("portvakt-frozen");
  const FrozenCookie cookie(settings_);
  const auto now = clock_.wall();
  ASSERT_TRUE(cookie.decode(good, now));
  for (std::size_t i = 0; i < good.size(); ++i) {
    auto forged = good;
    forged[i] = forged[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(cookie.decode(forged, now)) << i;
    EXPECT_FALSE(cookie.decode(good.substr(0, i), now)) << i;
  }
  auto other = site_settings();
  other.site = "other";
  EXPECT_FALSE(FrozenCookie(other).decode(good, now));
  EXPECT_FALSE(cookie.decode(good, now + std::chrono::days{181}));
  EXPECT_FALSE(cookie.decode(good, now - std::chrono::hours{1}));
}

}  // namespace
}  // namespace portvakt::consent
