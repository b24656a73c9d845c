#include "filters/agents/agent_cache.h"

#include <algorithm>
#include <cstring>

#include "filters/agents/matcher.h"
#include "proxy/base/crypto.h"

namespace portvakt::agents {
namespace {

constexpr std::size_t kWays = 4;

std::uint64_t load(const char* bytes, std::size_t count) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, count);
  return word;
}

std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
}

}  // namespace

AgentCache::AgentCache() {
  const std::string random = crypto::random_bytes(sizeof keys_);
  std::memcpy(keys_.data(), random.data(), sizeof keys_);
  for (auto& key : keys_) key |= 1U;
}

AgentCache::Hash AgentCache::hash_of(std::string_view text) const {
  Hash hash{keys_[0] ^ text.size(), keys_[1]};
  while (!text.empty()) {
    const std::size_t count = std::min<std::size_t>(text.size(), 8);
    const std::uint64_t word = load(text.data(), count);
    hash[0] = mix(hash[0] ^ word, keys_[1]);
    hash[1] = mix(hash[1] + word, keys_[0] ^ 0x9E3779B97F4A7C15ULL);
    text.remove_prefix(count);
  }
  hash[0] |= 1U;  // an empty place has none
  return hash;
}

const Agent& AgentCache::read(std::string_view text) {
  if (entries_.empty()) entries_.resize(kEntries);
  text = text.substr(0, Matcher::kMaxText);
  const Hash hash = hash_of(text);
  // The newest of a place comes first; the oldest makes room.
  const auto first = entries_.begin() + static_cast<std::ptrdiff_t>(hash[1] % (kEntries / kWays) * kWays);
  auto found = std::find_if(first, first + kWays - 1, [&](const Entry& entry) { return entry.hash == hash; });
  if (found != first) std::rotate(first, found, found + 1);
  Entry& newest = *first;
  if (newest.hash == hash) return newest.agent;
  ++misses_;
  newest.agent = read_user_agent(text);
  newest.hash = hash;
  return newest.agent;
}

}  // namespace portvakt::agents
