#include "filters/tags/literal_matcher.h"

namespace portvakt::tags {

void LiteralMatcher::add(std::string_view text, std::size_t number) {
  if (text.size() < kShortest) return;
  const std::uint16_t key = key_of(text.data());
  seen_[key] = true;
  buckets_[key].push_back({std::string(text), number});
}

}  // namespace portvakt::tags
