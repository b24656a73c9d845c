#include "filters/guard/packed_names.h"

#include <gtest/gtest.h>

namespace portvakt::guard {
namespace {

TEST(PackedNames, KeysReadFromTheRightAndEndAtABorder) {
  EXPECT_EQ(hash_key("a.example.test", NameKind::Address), "test.example.a./");
  EXPECT_EQ(hash_key(".example.test", NameKind::Address), "test.example.");
  EXPECT_EQ(hash_key("example.test/ads", NameKind::Address), "test.example./ads");
  EXPECT_EQ(hash_key("/g/collect", NameKind::Address), "/g/collect");
  EXPECT_EQ(hash_key("_ga", NameKind::Cookie), "_ga=");
  EXPECT_EQ(hash_key("_ga_*", NameKind::Cookie), "_ga_*");
  EXPECT_EQ(hash_key("usi", NameKind::Storage), "usi~");
}

TEST(PackedNames, ArePatternsWhereAHashCannotSayIt) {
  PackedNames names;
  names.add({{"www.google.*/ads", "m"}, {"secure.*.com/#.png", "m"}, {".x.test/p", "m"}}, NameKind::Address);
  names.add({{"ph_*_id", "m"}}, NameKind::Cookie);
  EXPECT_EQ(names.patterns().at("m"),
            "^www\\.google\\.[^/]*/ads(?![a-z\\d])|^secure\\.[^/]*\\.com/\\d{4,}\\.png(?![a-z\\d])|"
            "^([^/]*\\.)?x\\.test/p(?![a-z\\d])|^ph_.*_id=$");
  EXPECT_TRUE(names.hashes().empty());
}

TEST(PackedNames, KeepShapesOnTheSitesOwnHostApart) {
  PackedNames names;
  names.add({{"*/matomo.js", "a"}, {"?v=2&tid=G-", "a"}}, NameKind::Address);
  EXPECT_EQ(names.shapes().at("a"),
            "^[^?]*/matomo\\.js(?![a-z\\d])|^[^?]*(?=\\?)(?=.*[?&]v=2)(?=.*[?&]tid=G-[A-Z\\d-]{4})");
}

TEST(PackedNames, TakeThreeBytesAndAboutTwoBitsForAName) {
  PackedNames names;
  std::vector<HeldName> many;
  for (int i = 0; i < 400; ++i) many.push_back({"host" + std::to_string(i) + ".test", "m"});
  names.add(many, NameKind::Address);
  EXPECT_LT(names.hashes().at("m").size(), (400U * 3 + (400 + 256) / 8 + 3) * 4 / 3 + 4);
}

}  // namespace
}  // namespace portvakt::guard
