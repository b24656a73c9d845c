#include "proxy/upstream/health_check.h"

#include <algorithm>

namespace portvakt::upstream {

bool PassiveHealth::usable(std::string_view server, SteadyTime now) const {
  const auto found = states_.find(server);
  return found == states_.end() || found->second.until <= now;
}

void PassiveHealth::succeeded(std::string_view server) {
  const auto found = states_.find(server);
  if (found != states_.end()) states_.erase(found);
}

void PassiveHealth::failed(std::string_view server, SteadyTime now) {
  auto& state = states_.try_emplace(std::string(server)).first->second;
  if (++state.failures < kFailuresToEject) return;
  state.pause = std::clamp(state.pause * 2, kFirstPause, kLongestPause);
  state.until = now + state.pause;
}

}  // namespace portvakt::upstream
