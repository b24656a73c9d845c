#include "proxy/upstream/fault_log.h"

#include "proxy/base/log.h"

namespace portvakt::upstream {

FaultLog::FaultLog() : FaultLog([](std::string_view line) { log_warning(line); }) {}

void FaultLog::report(std::string_view site, std::string_view server, std::string_view reason,
                      SteadyTime now) {
  std::string line = "site " + std::string(site) + ": upstream " + std::string(server);
  auto& state = states_[line];
  if (now < state.quiet_until) {
    ++state.unsaid;
    return;
  }
  line += ": " + std::string(reason);
  if (state.unsaid > 0)
    line += " (and " + std::to_string(state.unsaid) + " more failures since the last such line)";
  state = {now + kQuiet, 0};
  sink_(line);
}

}  // namespace portvakt::upstream
