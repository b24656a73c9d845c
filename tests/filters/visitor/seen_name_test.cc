#include "filters/visitor/seen_name.h"

#include <gtest/gtest.h>

namespace portvakt::visitor {
namespace {

TEST(SeenName, KeepsNamesThatPeopleGave) {
  for (const auto* name :
       {"basket", "PHPSESSID", "_fbp", "session_id", "wordpress_logged_in", "ai_user", "v2", "li_gc",
        "isLoggedIn", "remember-me", "__Host-token", "cookieConsentState"}) {
    EXPECT_EQ(masked_name(name), name);
  }
}

TEST(SeenName, MasksPartsThatLookRandom) {
  EXPECT_EQ(masked_name("_ga_7XK2F9QLPW"), "_ga_*");
  EXPECT_EQ(masked_name("_gat_UA-1234567-1"), "_gat_UA-*-1");
  EXPECT_EQ(masked_name("_pk_id.12.4f3a"), "_pk_id.12.4f3a");
  EXPECT_EQ(masked_name("_pk_id.1.1fff9a2"), "_pk_id.1.*");
  EXPECT_EQ(masked_name("wordpress_logged_in_5d41402abc4b2a76b9719d911017c592"), "wordpress_logged_in_*");
  EXPECT_EQ(masked_name("user=4711"), "user=*");
  EXPECT_EQ(masked_name("aXbKqZpWmN"), "*");
  EXPECT_EQ(masked_name("abcdefghijklmnopqrstuvwxyz"), "*");
  EXPECT_EQ(masked_name("anna@example.test"), "*.test");
  EXPECT_EQ(masked_name("anna%40example"), "*");
  EXPECT_EQ(masked_name("\xC3\xA6"
                        "ble"),
            "*");
}

TEST(SeenName, IsShortAndHarmlessWhateverTheNameIs) {
  EXPECT_LE(masked_name(std::string(5000, 'a')).size(), kMaxSeenName);
  EXPECT_LE(masked_name(std::string(5000, '-')).size(), kMaxSeenName);
  EXPECT_EQ(masked_name("a\x1b\n b"), "ab");
  EXPECT_EQ(masked_name(""), "");
}

}  // namespace
}  // namespace portvakt::visitor
