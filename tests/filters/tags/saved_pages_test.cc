// Real pages, saved from 258 sites (npm htmlparser-benchmark, a test dependency only): however the network
// cuts them, what the visitor gets is the same.
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "proxy/base/file.h"
#include "tests/filters/tags/tag_page.h"

namespace portvakt::tags {
namespace {

struct SavedPage {
  std::string name;
  std::string text;
};

const std::vector<SavedPage>& saved_pages() {
  static const std::vector<SavedPage> pages = [] {
    std::vector<SavedPage> read;
    const auto folder = test::source_file("tests/browser/node_modules/htmlparser-benchmark/files");
    std::error_code missing;
    for (const auto& file : std::filesystem::directory_iterator(folder, missing)) {
      read.push_back({file.path().filename(), read_file(file.path()).value_or("")});
    }
    return read;
  }();
  return pages;
}

/// The page in pieces of `size` bytes, the first one shorter by `offset`.
std::vector<std::string_view> pieces(std::string_view text, std::size_t size, std::size_t offset) {
  std::vector<std::string_view> cut;
  for (std::size_t at = 0; at < text.size();) {
    const auto length = at == 0 ? size - offset : size;
    cut.push_back(text.substr(at, length));
    at += length;
  }
  return cut;
}

std::string rewrite(const std::vector<std::string_view>& parts) {
  TagPage page;
  return page.rewrite(parts);
}

TEST(SavedPages, AreThere) {
  ASSERT_GE(saved_pages().size(), 258U) << "scripts/setup --test installs them";
  for (const auto& page : saved_pages()) EXPECT_FALSE(page.text.empty()) << page.name;
}

TEST(SavedPages, LoseTagsWithoutConsent) {
  std::size_t changed = 0;
  for (const auto& page : saved_pages()) changed += rewrite({page.text}) != page.text ? 1 : 0;
  EXPECT_GT(changed, saved_pages().size() / 2);
}

TEST(SavedPages, ComeOutTheSameByteByByte) {
  for (const auto& page : saved_pages()) {
    EXPECT_TRUE(rewrite(pieces(page.text, 1, 0)) == rewrite({page.text})) << page.name;
  }
}

// Sixteen runs a page, each cut at every sixteenth byte: together they cut at every byte.
TEST(SavedPages, ComeOutTheSameCutAtEveryByte) {
  constexpr std::size_t kPiece = 16;
  for (const auto& page : saved_pages()) {
    const auto whole = rewrite({page.text});
    for (std::size_t offset = 0; offset < kPiece; ++offset) {
      EXPECT_TRUE(rewrite(pieces(page.text, kPiece, offset)) == whole) << page.name << ", offset " << offset;
    }
  }
}

// A long first part and a long second one, as a read buffer gives them.
TEST(SavedPages, ComeOutTheSameInTwoParts) {
  constexpr std::size_t kCuts = 4;
  for (const auto& page : saved_pages()) {
    const std::string_view text = page.text;
    const auto whole = rewrite({text});
    for (std::size_t i = 1; i <= kCuts; ++i) {
      const auto cut = text.size() * i / (kCuts + 1);
      EXPECT_TRUE(rewrite({text.substr(0, cut), text.substr(cut)}) == whole)
          << page.name << ", cut at " << cut;
    }
  }
}

}  // namespace
}  // namespace portvakt::tags
