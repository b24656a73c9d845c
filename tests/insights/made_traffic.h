// Made-up traffic with known truth: visits around midnights, gaps about half an hour, consent withdrawn in
// mid-visit, bots, errors, events; records that come late and twice, erasures before and after what they
// erase.
#pragma once

#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "insights/source.h"
#include "tests/insights/truth.h"

namespace portvakt::insights::truth {

class MadeTraffic {
 public:
  explicit MadeTraffic(std::size_t wanted) : wanted_(wanted) {}

  /// All records, in the order in which they reach the store, each with what it means.
  void make();

  Truth truth;
  std::vector<SourceRecord> records;

  /// The first and the last day that has records, in any zone.
  Period period() const { return {first_ - 1, first_ + kDays + 1}; }
  static constexpr Day kDays = 40;

 private:
  std::uint32_t number(std::uint32_t limit) { return static_cast<std::uint32_t>(random_() % limit); }
  bool chance(std::uint32_t percent) { return number(100) < percent; }
  const std::string& one_of(const std::vector<std::string>& words) {
    return words[number(static_cast<std::uint32_t>(words.size()))];
  }
  std::int64_t moment();
  Values surroundings();
  SourceRecord& add(logs::RecordKind kind, std::int64_t time);
  void fill(SourceRecord& record, const Values& values);
  void page(std::int64_t time, const std::string& path, const Values& values, const std::string& visitor);
  void event(std::int64_t time, const std::string& kind, const std::string& path, const Values& values,
             const std::string& visitor);
  void visit(const std::string& visitor, std::int64_t begin);
  void visitor();
  void stranger();
  void bot();
  void fault();
  void asset();
  void choice();
  void erasures();
  std::int64_t own_time(const std::string& visitor, std::int64_t time);

  const std::size_t wanted_;
  const Day first_ = 20736;  // 10 October 2026: the end of summer time lies within
  std::mt19937_64 random_{20261122};
  std::uint64_t visitors_ = 0;
  std::vector<std::string> known_visitors_;
  std::set<std::pair<std::string, std::int64_t>> taken_;
};

}  // namespace portvakt::insights::truth
