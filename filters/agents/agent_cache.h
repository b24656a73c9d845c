// What was read of the User-Agent texts that came last, so that a browser's second request costs a look into
// a table. Bounded; holds no text, only a keyed hash of each. One worker's own: not for several threads.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "filters/agents/agent.h"

namespace portvakt::agents {

class AgentCache {
 public:
  static constexpr std::size_t kEntries = 4096;

  AgentCache();

  /// Valid until the next call.
  const Agent& read(std::string_view text);
  std::uint64_t misses() const { return misses_; }

 private:
  using Hash = std::array<std::uint64_t, 2>;
  struct Entry {
    Hash hash{};
    Agent agent;
  };
  Hash hash_of(std::string_view text) const;

  Hash keys_;  // drawn at the start: nobody can prepare texts that meet
  std::vector<Entry> entries_;
  std::uint64_t misses_ = 0;
};

}  // namespace portvakt::agents
