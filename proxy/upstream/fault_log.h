// Tells the operator that an upstream fails: site, upstream and reason, nothing of a request. One line in a
// while for each upstream, with how many were left unsaid, so that an outage does not fill the disk. One per
// worker.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "proxy/base/clock.h"

namespace portvakt::upstream {

class FaultLog {
 public:
  static constexpr std::chrono::seconds kQuiet{10};
  using Sink = std::function<void(std::string_view line)>;

  /// Lines go to the log as warnings.
  FaultLog();
  explicit FaultLog(Sink sink) : sink_(std::move(sink)) {}

  /// `reason`: an Error's detail, which holds nothing that came from a client.
  void report(std::string_view site, std::string_view server, std::string_view reason, SteadyTime now);

 private:
  struct State {
    SteadyTime quiet_until;
    std::uint64_t unsaid = 0;
  };
  Sink sink_;
  std::map<std::string, State, std::less<>> states_;  // by site and server: as many as are configured
};

}  // namespace portvakt::upstream
