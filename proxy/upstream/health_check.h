// Passive health: a server that refused or timed out several times in a row is left out for a while, longer
// each time. One per worker, fed by its own exchanges; no probes.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>

#include "proxy/base/clock.h"

namespace portvakt::upstream {

class PassiveHealth {
 public:
  static constexpr int kFailuresToEject = 5;
  static constexpr std::chrono::milliseconds kFirstPause{1000};
  static constexpr std::chrono::milliseconds kLongestPause{30000};

  bool usable(std::string_view server, SteadyTime now) const;
  void succeeded(std::string_view server);
  void failed(std::string_view server, SteadyTime now);

 private:
  struct State {
    int failures = 0;
    std::chrono::milliseconds pause{0};
    SteadyTime until{};
  };
  std::map<std::string, State, std::less<>> states_;
};

}  // namespace portvakt::upstream
