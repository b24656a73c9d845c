// The store's texts in memory, by number and back, for those who read many rows: filled step by step, since
// numbers are given in rising order and never change their meaning. One thread; the database outlives it.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "insights/database.h"

namespace portvakt::insights {

class WordTable {
 public:
  explicit WordTable(Database& database) : database_(database) {}

  /// Reads the texts that have come since.
  Result<void> refresh();

  /// One more than the highest number.
  std::size_t size() const { return texts_.size(); }
  std::string_view text(std::uint32_t word) const {
    return word < texts_.size() ? texts_[word] : std::string_view();
  }
  /// kEmptyWord for none; kNoWord: no row can have it.
  std::uint32_t find(std::string_view text) const;

  /// What reports derive from a text: the words of a path's section, of a campaign's parts.
  std::uint32_t section(std::uint32_t path) const;
  std::uint32_t source(std::uint32_t campaign) const;
  std::uint32_t medium(std::uint32_t campaign) const;
  std::uint32_t campaign_name(std::uint32_t campaign) const;
  std::uint32_t channel(std::uint32_t referrer, std::uint32_t campaign) const;

 private:
  Database& database_;
  std::deque<std::string> owned_;
  std::vector<std::string_view> texts_;
  std::unordered_map<std::string_view, std::uint32_t> numbers_;
  // Asked for the same words again and again.
  mutable std::unordered_map<std::uint64_t, std::uint32_t> channels_;
};

inline constexpr std::uint32_t kNoWord = 0xffffffff;

}  // namespace portvakt::insights
