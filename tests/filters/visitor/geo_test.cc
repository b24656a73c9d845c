#include "filters/visitor/geo.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include <unistd.h>

namespace portvakt::visitor {
namespace {

// A database of one network, 192.0.2.0/24, written here byte by byte (MaxMind DB file format 2.0): a tree of
// 24 nodes for the bits, the data section, the metadata.
std::string text(std::string_view value) {
  std::string out;
  if (value.size() < 29) {
    out.push_back(static_cast<char>(0x40 | value.size()));
  } else {
    out.push_back(static_cast<char>(0x40 | 29));
    out.push_back(static_cast<char>(value.size() - 29));
  }
  return out.append(value);
}

std::string map(const std::vector<std::pair<std::string, std::string>>& entries) {
  std::string out(1, static_cast<char>(0xe0 | entries.size()));
  for (const auto& [key, value] : entries) out += text(key) + value;
  return out;
}

std::string number(std::uint8_t type, std::uint8_t value) {
  return {static_cast<char>(type << 5 | 1), static_cast<char>(value)};
}

std::string database(const std::string& record) {
  constexpr std::uint32_t kNodes = 24;
  constexpr std::uint32_t kNetwork = 0xc00002;  // 192.0.2
  std::string tree;
  const auto put = [&tree](std::uint32_t value) {
    for (const int shift : {16, 8, 0}) tree.push_back(static_cast<char>(value >> shift & 0xff));
  };
  for (std::uint32_t bit = 0; bit < kNodes; ++bit) {
    const std::uint32_t next = bit + 1 == kNodes ? kNodes + 16 : bit + 1;
    const bool one = (kNetwork >> (kNodes - 1 - bit) & 1U) != 0;
    put(one ? kNodes : next);
    put(one ? next : kNodes);
  }
  const std::string metadata = map({{"binary_format_major_version", number(5, 2)},
                                    {"binary_format_minor_version", std::string("\xa0", 1)},
                                    {"build_epoch", std::string("\x01\x02\x01", 3)},
                                    {"database_type", text("test")},
                                    {"description", map({})},
                                    {"ip_version", number(5, 4)},
                                    {"languages", std::string("\x00\x04", 2)},
                                    {"node_count", number(6, kNodes)},
                                    {"record_size", number(5, 24)}});
  return tree + std::string(16, '\0') + record + "\xab\xcd\xefMaxMind.com" + metadata;
}

class GeoTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("portvakt_geo_test_" + std::to_string(getpid()));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path write(const std::string& name, const std::string& bytes) const {
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
    return folder_ / name;
  }

  const IpAddress inside_ = IpAddress::parse("192.0.2.77").value();
  const IpAddress outside_ = IpAddress::parse("198.51.100.1").value();
  std::filesystem::path folder_;
};

TEST_F(GeoTest, ReadsMaxMindsLayout) {
  const auto country = write("a.mmdb", database(map({{"country", map({{"iso_code", text("NO")}})}})));
  const auto network =
      write("b.mmdb", database(map({{"autonomous_system_organization", text("Example Net AS")}})));
  const auto geo = Geo::open(country, network);
  ASSERT_TRUE(geo) << geo.error().detail;
  EXPECT_EQ((*geo)->country(inside_), "NO");
  EXPECT_EQ((*geo)->network(inside_), "Example Net AS");
  EXPECT_EQ((*geo)->country(outside_), "");
  EXPECT_EQ((*geo)->network(outside_), "");
}

TEST_F(GeoTest, ReadsTheFlatLayout) {
  const auto geo = Geo::open(write("a.mmdb", database(map({{"country_code", text("fi")}}))), {});
  ASSERT_TRUE(geo) << geo.error().detail;
  EXPECT_EQ((*geo)->country(inside_), "FI");
  EXPECT_EQ((*geo)->country(IpAddress::parse("::ffff:192.0.2.1").value()), "FI");
  EXPECT_EQ((*geo)->country(IpAddress::parse("2001:db8::1").value()), "")
      << "an IPv4 file knows no IPv6 address";
  EXPECT_EQ((*geo)->network(inside_), "");
}

TEST_F(GeoTest, TakesNoNonsenseForAnAnswer) {
  const auto country = write("a.mmdb", database(map({{"country_code", text("None")}})));
  const auto network = write(
      "b.mmdb", database(map({{"autonomous_system_organization", text("x\n" + std::string(200, 'y'))}})));
  const auto geo = Geo::open(country, network);
  ASSERT_TRUE(geo) << geo.error().detail;
  EXPECT_EQ((*geo)->country(inside_), "");
  EXPECT_EQ((*geo)->network(inside_), "x " + std::string(62, 'y'));
}

TEST_F(GeoTest, RefusesMissingAndBrokenFiles) {
  EXPECT_FALSE(Geo::open(folder_ / "absent.mmdb", {}));
  EXPECT_FALSE(Geo::open({}, folder_ / "absent.mmdb"));
  const auto broken = Geo::open(write("broken.mmdb", "not a database"), {});
  ASSERT_FALSE(broken);
  EXPECT_NE(broken.error().detail.find("broken.mmdb"), std::string::npos);
}

TEST_F(GeoTest, AnswersNothingWithoutFiles) {
  const auto geo = Geo::open({}, {});
  ASSERT_TRUE(geo);
  EXPECT_EQ((*geo)->country(inside_), "");
}

}  // namespace
}  // namespace portvakt::visitor
