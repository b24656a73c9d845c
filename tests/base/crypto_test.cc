#include "proxy/base/crypto.h"

#include <gtest/gtest.h>

#include "proxy/base/ascii.h"

namespace portvakt::crypto {
namespace {

TEST(Crypto, SignsAsRfc4231TestCaseTwo) {
  EXPECT_EQ(ascii::hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(Crypto, HashesTheEmptyText) {
  EXPECT_EQ(base64(sha256("")), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
}

TEST(Crypto, GivesDifferentRandomBytesEachTime) {
  EXPECT_NE(random_bytes(16), random_bytes(16));
}

TEST(Crypto, ComparesWholeTexts) {
  EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
  EXPECT_FALSE(equal_in_constant_time("abc", "abd"));
  EXPECT_FALSE(equal_in_constant_time("abc", "ab"));
}

}  // namespace
}  // namespace portvakt::crypto
