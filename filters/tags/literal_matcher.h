// Finds many fixed texts in one pass: three bytes at each place are looked up in a small table, and only
// where they begin some text is it compared. Filled once, then const; searching allocates nothing.
#pragma once

#include <bitset>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace portvakt::tags {

class LiteralMatcher {
 public:
  static constexpr std::size_t kShortest = 3;

  /// Texts shorter than kShortest are never found. `number` is told back.
  void add(std::string_view text, std::size_t number);

  /// `visit(number, begin, end)` for every place where a text stands.
  template <typename Visit>
  void for_each(std::string_view in, Visit visit) const {
    for (std::size_t at = 0; at + kShortest <= in.size(); ++at) {
      const std::uint16_t key = key_of(in.data() + at);
      if (!seen_[key]) continue;
      const auto bucket = buckets_.find(key);
      for (const auto& [text, number] : bucket->second) {
        if (in.substr(at, text.size()) == text) visit(number, at, at + text.size());
      }
    }
  }

 private:
  struct Literal {
    std::string text;
    std::size_t number;
  };
  static std::uint16_t key_of(const char* bytes) {
    const auto a = static_cast<unsigned char>(bytes[0]), b = static_cast<unsigned char>(bytes[1]),
               c = static_cast<unsigned char>(bytes[2]);
    return static_cast<std::uint16_t>(a * 257U ^ b * 31U << 3 ^ c * 7919U);
  }

  std::bitset<65536> seen_;
  std::unordered_map<std::uint16_t, std::vector<Literal>> buckets_;
};

}  // namespace portvakt::tags
