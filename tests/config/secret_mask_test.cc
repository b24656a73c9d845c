#include "config/secret_mask.h"

#include <string>

#include <gtest/gtest.h>

namespace portvakt::config {
namespace {

std::string mask(std::string_view text) {
  std::string out;
  for (const auto& line : displayable_lines(text)) out += line + "\n";
  return out;
}

TEST(SecretMask, LeavesOrdinaryLinesAlone) {
  const std::string text = "listen:\n  - address: 127.0.0.1:80\n\tpolicy_url: /privacy\n";
  EXPECT_EQ(mask(text), text);
}

TEST(SecretMask, HidesPasswordsInUrlsWhateverTheKey) {
  EXPECT_EQ(mask("x: redis://user:hunter2@db/0, y: http://a@b http://c/d"),
            "x: redis://***@db/0, y: http://***@b http://c/d\n");
  EXPECT_EQ(mask("x: redis://:hun@ter2@db"), "x: redis://***@db\n");
}

TEST(SecretMask, HidesTheRestOfALineAfterASecretOption) {
  EXPECT_EQ(mask("  redis: {url: \"hunter2\", prefix: x}"), "  redis: {url: ***\n");
  EXPECT_EQ(mask("consent: {\"signing_keys\" : [hunter2]}"), "consent: {\"signing_keys\" : ***\n");
}

TEST(SecretMask, HidesKeyListsOfEveryForm) {
  EXPECT_EQ(mask("signing_keys:\n- hunter2\n- hunter2\npath: /x/\n"), "signing_keys:\n***\n***\npath: /x/\n");
  EXPECT_EQ(mask("a:\n  signing_kyes:\n    - |\n      hunter2\n  b: 1\n"),
            "a:\n  signing_kyes:\n    ***\n      ***\n  b: 1\n");
  EXPECT_EQ(mask("signing_keys: [hunter2,\nhunter2\n]\nb: 1\n"), "signing_keys: ***\n***\n***\nb: 1\n");
}

TEST(SecretMask, MakesControlCharactersVisible) {
  EXPECT_EQ(mask("a\x1b[31m\x7f\tb\r\n"), "a?[31m?\tb\n");
  EXPECT_EQ(displayable("a\nb\tc"), "a?b?c");
}

TEST(SecretMask, ShortensLongValues) {
  EXPECT_EQ(displayable(std::string(300, 'x')), std::string(200, 'x') + "...");
}

}  // namespace
}  // namespace portvakt::config
