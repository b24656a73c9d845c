#include "proxy/exchange/router.h"

#include <gtest/gtest.h>

namespace portvakt::exchange {
namespace {

class RouterTest : public testing::Test {
 protected:
  void add(std::string name, std::vector<std::string> hosts) {
    auto& site = sites_.emplace_back(std::make_unique<Site>());
    site->name = std::move(name);
    site->hosts = std::move(hosts);
    router_.add(*site);
  }
  std::string find(std::string_view authority) {
    const auto* site = router_.find(authority);
    return site == nullptr ? "none" : site->name;
  }

  std::vector<std::unique_ptr<Site>> sites_;
  Router router_;
};

TEST_F(RouterTest, FindsExactNamesWithoutRegardToCasePortOrTrailingDot) {
  add("a", {"www.a.test"});
  for (const auto* host : {"www.a.test", "WWW.A.TEST:8080", "www.a.test.", "www.a.test.:80"})
    EXPECT_EQ(find(host), "a") << host;
  for (const auto* host : {"a.test", "x.www.a.test", "www.a.test.evil.test", ""})
    EXPECT_EQ(find(host), "none") << host;
}

TEST_F(RouterTest, PrefersTheLongestSuffix) {
  add("wide", {"*.test"});
  add("narrow", {"*.a.test"});
  EXPECT_EQ(find("x.a.test"), "narrow");
  EXPECT_EQ(find("x.b.test"), "wide");
  EXPECT_EQ(find("test"), "none");
}

TEST_F(RouterTest, GivesAnyHostToTheSiteThatTakesAny) {
  add("a", {"a.test"});
  add("any", {"*"});
  EXPECT_EQ(find("a.test"), "a");
  EXPECT_EQ(find("b.test"), "any");
  EXPECT_EQ(find(std::string(300, 'x')), "any");
}

}  // namespace
}  // namespace portvakt::exchange
