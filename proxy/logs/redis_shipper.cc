#include "proxy/logs/redis_shipper.h"

#include <algorithm>
#include <optional>
#include <random>

#include "proxy/base/log.h"
#include "proxy/logs/ship_session.h"

namespace portvakt::logs {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kFirstWait{100};
constexpr milliseconds kLongestWait{5000};

/// Waits that double, each shortened at random so that edges which lost the same server do not come back
/// together.
class BackOff {
 public:
  milliseconds next() {
    const milliseconds whole = wait_;
    wait_ = std::min(wait_ * 2, kLongestWait);
    return milliseconds{
        std::uniform_int_distribution<milliseconds::rep>(whole.count() / 2, whole.count())(random_)};
  }
  void clear() { wait_ = kFirstWait; }

 private:
  milliseconds wait_ = kFirstWait;
  std::minstd_rand random_{std::random_device{}()};
};

}  // namespace

/// What the thread owns and does.
class RedisShipper::Run {
 public:
  Run(Spool& spool, const ShipperSettings& settings, const Clock& clock, ShipperCounters& counters)
      : settings_(settings), counters_(counters), session_(spool, settings_, clock, stop_, counters) {}

  void operator()() {
    while (true) {
      const auto moved = session_.step();
      if (!moved) {
        fail(moved.error());
        if (stop_.raised()) return;
        stop_.wait(back_off_.next());
        continue;
      }
      succeed();
      if (stop_.expired() || (stop_.raised() && !*moved)) return;
      if (!*moved) stop_.wait(settings_.idle_wait);
    }
  }

  void stop(SteadyTime deadline) { stop_.raise(deadline); }

 private:
  void fail(RedisFault fault) {
    session_.reset();
    counters_.failures.add();
    if (said_ == fault || fault == RedisFault::Stopped) return;
    log_warning("Redis at " + settings_.redis.place() + " " + std::string(fault_text(fault)) +
                "; records wait in the spool");
    said_ = fault;
    connected_ = false;
  }

  void succeed() {
    back_off_.clear();
    said_.reset();
    if (!connected_) log_info("Redis at " + settings_.redis.place() + " takes records");
    connected_ = true;
  }

  ShipperSettings settings_;
  ShipperCounters& counters_;
  StopSignal stop_;
  ShipSession session_;
  BackOff back_off_;
  std::optional<RedisFault> said_;
  bool connected_ = false;
};

RedisShipper::RedisShipper(Spool& spool, const ShipperSettings& settings, const Clock& clock)
    : run_(std::make_unique<Run>(spool, settings, clock, counters_)), thread_([this] { (*run_)(); }) {}

RedisShipper::~RedisShipper() {
  stop(milliseconds{0});
}

void RedisShipper::stop(milliseconds limit) {
  if (!thread_.joinable()) return;
  run_->stop(std::chrono::steady_clock::now() + limit);
  thread_.join();
}

}  // namespace portvakt::logs
