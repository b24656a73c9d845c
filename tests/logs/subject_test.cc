#include "proxy/logs/records/subject.h"

#include <gtest/gtest.h>

namespace portvakt::logs {
namespace {

constexpr std::string_view kVisitor = "AAAAAAAAAAAAAAAAAAAAAA";

// As `printf 'portvakt subject\0example\0AAAAAAAAAAAAAAAAAAAAAA' | openssl dgst -sha256 -binary | head -c16`
// has it: subjects lie in Redis and in stores, and must stay what they are for ever.
TEST(Subject, IsTheDigestThatTheFormatSays) {
  EXPECT_EQ(subject_of("example", kVisitor), "G_UoX4YOpzqq0Nw7252uaA");
  EXPECT_EQ(subject_of("example", "v2"), "COPy-b6-kuOr4q0lTECFtQ");
}

TEST(Subject, OfOneVisitorDiffersFromSiteToSite) {
  EXPECT_EQ(subject_of("other", kVisitor), "SGlHCTMzs5Js7Ebwpo6ZaQ");
}

TEST(Subject, DoesNotMixUpWhereTheSiteEnds) {
  EXPECT_NE(subject_of("ab", "c"), subject_of("a", "bc"));
}

TEST(Subject, IsKnownByItsForm) {
  EXPECT_TRUE(is_subject("G_UoX4YOpzqq0Nw7252uaA"));
  EXPECT_FALSE(is_subject("G_UoX4YOpzqq0Nw7252ua"));
  EXPECT_FALSE(is_subject("G_UoX4YOpzqq0Nw7252uaA="));
  EXPECT_FALSE(is_subject("G/UoX4YOpzqq0Nw7252uaA"));
}

}  // namespace
}  // namespace portvakt::logs
