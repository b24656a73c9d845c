// Runs a loop until a condition holds, without sleeping: the loop's own timers and sockets wake it. A test
// that waits in vain fails after a generous limit.
#pragma once

#include <chrono>
#include <functional>

#include "proxy/net/event_loop.h"

namespace portvakt::test {

/// True if the condition came to hold.
inline bool run_until(net::EventLoop& loop, const std::function<bool()>& condition,
                      std::chrono::milliseconds limit = std::chrono::seconds(20)) {
  bool late = false;
  net::Timer deadline(loop, [&] {
    late = true;
    loop.stop();
  });
  deadline.start(limit);
  std::function<void()> look;
  net::Timer again(loop, [&] { look(); });
  look = [&] {
    if (condition()) {
      loop.stop();
    } else {
      again.start(std::chrono::milliseconds(1));
    }
  };
  again.start(std::chrono::milliseconds(0));
  loop.run();
  return !late;
}

}  // namespace portvakt::test
