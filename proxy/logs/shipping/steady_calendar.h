// The wall clock, made slow to believe a leap: a jump of more than an hour, in either direction, counts only
// once the new time has stood for a while. So a clock that was wrong for a moment neither files records under
// a wrong day nor ends the retention of what should be kept. A value; one thread.
#pragma once

#include <chrono>
#include <optional>

#include "proxy/base/clock.h"

namespace portvakt::logs {

class SteadyCalendar {
 public:
  /// The clock outlives it and is believed as it stands now.
  SteadyCalendar(const Clock& clock, std::chrono::milliseconds patience);

  WallTime now();

 private:
  using Milliseconds = std::chrono::milliseconds;
  struct Doubt {
    Milliseconds offset;
    SteadyTime since;
  };
  Milliseconds offset() const;

  const Clock& clock_;
  Milliseconds patience_;
  Milliseconds believed_;  // wall time less steady time
  std::optional<Doubt> doubt_;
};

}  // namespace portvakt::logs
