// Chooses the upstream server of the next exchange: in turn, past those that have just failed. One per site
// and worker; no threads.
#pragma once

#include <cstddef>
#include <functional>

namespace portvakt::upstream {

class Balancer {
 public:
  /// An index below `count` (at least 1). When no server is usable, the one whose turn it is: refusing
  /// everybody helps nobody.
  std::size_t choose(std::size_t count, const std::function<bool(std::size_t)>& usable) {
    const std::size_t first = next_++ % count;
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t candidate = (first + i) % count;
      if (usable(candidate)) return candidate;
    }
    return first;
  }

 private:
  std::size_t next_ = 0;
};

}  // namespace portvakt::upstream
