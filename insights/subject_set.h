// Counts different visitors: a bit for each. A value.
#pragma once

#include <cstdint>
#include <vector>

namespace portvakt::insights {

class SubjectSet {
 public:
  void add(std::uint32_t subject) {
    const auto place = subject / 64;
    if (place >= bits_.size()) bits_.resize(place + place / 2 + 1);
    const auto bit = std::uint64_t{1} << (subject % 64);
    count_ += (bits_[place] & bit) == 0 ? 1 : 0;
    bits_[place] |= bit;
  }
  std::int64_t count() const { return count_; }

 private:
  std::vector<std::uint64_t> bits_;
  std::int64_t count_ = 0;
};

/// Counts different visitors of one group after the other: remembers in which each was last seen. Groups are
/// numbered from 1, and come in rising order for each visitor.
class SubjectTurns {
 public:
  /// True: not seen in this group before.
  bool add(std::uint32_t subject, std::uint32_t group) {
    if (subject >= last_.size()) last_.resize(std::size_t{subject} + subject / 2 + 1);
    if (last_[subject] == group) return false;
    last_[subject] = group;
    return true;
  }

 private:
  std::vector<std::uint32_t> last_;
};

}  // namespace portvakt::insights
