#include "proxy/base/crc32c.h"

#include <gtest/gtest.h>

namespace portvakt {
namespace {

TEST(Crc32c, AgreesWithTheStandardsExamples) {
  // RFC 3720, appendix B.4, and the usual check value.
  EXPECT_EQ(crc32c("123456789"), 0xE3069283U);
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8A9136AAU);
  EXPECT_EQ(crc32c(std::string(32, '\xFF')), 0x62A8AB43U);
  EXPECT_EQ(crc32c(""), 0U);
}

TEST(Crc32c, IsTheSameByInstructionByTableAndInPieces) {
  std::string text;
  for (int i = 0; i < 100; ++i) {
    text += static_cast<char>(i * 37);
    EXPECT_EQ(crc32c(text), crc32c_by_table(text)) << i;
    const std::string_view view(text);
    EXPECT_EQ(crc32c(view.substr(text.size() / 3), crc32c(view.substr(0, text.size() / 3))), crc32c(text))
        << i;
  }
}

}  // namespace
}  // namespace portvakt
