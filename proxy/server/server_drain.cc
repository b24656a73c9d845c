// How serving ends: what signals ask for, and the drain with its bound.
#include <csignal>

#include "proxy/base/log.h"
#include "proxy/server/server.h"

namespace portvakt::server {
namespace {

constexpr std::chrono::milliseconds kDrainLook{20};

}  // namespace

void Server::on_signal(int signal) {
  if (signal == SIGHUP) {
    std::string reasons;
    reload(reasons);
  } else if (phase_ == Phase::Serving) {
    // Somebody at a terminal waits for no load balancer.
    begin_drain(signal == SIGTERM ? drain_delay_ : std::chrono::milliseconds{0});
  } else {
    log_info("asked to end a second time: ending now");
    loop_.stop();
  }
}

/// Tells load balancers through /readyz first, and serves on until they have looked.
void Server::begin_drain(std::chrono::milliseconds delay) {
  if (delay.count() == 0) {
    drain();
    return;
  }
  phase_ = Phase::Delaying;
  log_info("ending: not ready any more, listening for another " + std::to_string(delay.count()) + " ms");
  drain_timer_.start(delay);
}

void Server::drain() {
  phase_ = Phase::Draining;
  drain_began_ = clock_.steady();
  log_info("draining: no new connections, running exchanges finish");
  for (const auto& worker : workers_) worker->drain();
  listeners_->commit({});
  drain_timer_.start(kDrainLook);
}

void Server::finish_when_drained() {
  if (phase_ == Phase::Delaying) {
    drain();
    return;
  }
  const std::uint64_t open = open_connections();
  if (open > 0 && clock_.steady() - drain_began_ <= drain_limit_) {
    drain_timer_.start(kDrainLook);
    return;
  }
  if (open > 0) {
    log_warning(std::to_string(open) + " connection(s) outlasted limits.drain_timeout and are cut off");
  }
  loop_.stop();
}

}  // namespace portvakt::server
