// Waits for the body of one request: gives up on a client that sends nothing of it for too long, or too
// little. Time during which we do not read does not count. Belongs to its exchange, on its worker.
#pragma once

#include <functional>

#include "proxy/exchange/limit_counters.h"
#include "proxy/exchange/rate_floor.h"
#include "proxy/net/event_loop.h"

namespace portvakt::exchange {

class UploadWatch {
 public:
  /// `on_late` is told once which limit was passed.
  UploadWatch(net::EventLoop& loop, const Pace& pace, std::function<void(Limit)> on_late)
      : loop_(loop),
        pace_(pace),
        on_late_(std::move(on_late)),
        timer_(loop, [this] { on_late_(floor_.rate_is_cause() ? Limit::UploadRate : Limit::IdleTime); }) {
    start();
  }

  void start() {
    floor_.start(pace_, loop_.now());
    wait();
  }
  void moved(std::uint64_t bytes) {
    if (!timer_.armed()) return;
    floor_.moved(bytes, loop_.now());
    wait();
  }
  void stop() { timer_.cancel(); }
  /// Once the answer has begun, client and upstream may be in a conversation: it has its own pace.
  void ease() {
    pace_.bytes_per_second = 0;
    if (!timer_.armed()) return;
    floor_.ease();
    wait();
  }

 private:
  void wait() { timer_.start(std::chrono::ceil<std::chrono::milliseconds>(floor_.due() - loop_.now())); }

  net::EventLoop& loop_;
  Pace pace_;
  std::function<void(Limit)> on_late_;
  RateFloor floor_;
  net::Timer timer_;
};

}  // namespace portvakt::exchange
