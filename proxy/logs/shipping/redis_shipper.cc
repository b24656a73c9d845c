#include "proxy/logs/shipping/redis_shipper.h"

#include <algorithm>
#include <optional>
#include <random>

#include "proxy/base/log.h"
#include "proxy/logs/shipping/ship_session.h"

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

/// What operators are told: each kind of fault once, and again only if it is still met a good while later;
/// that all is well again, once.
class FaultVoice {
 public:
  explicit FaultVoice(std::string place) : place_(std::move(place)) {}

  void fault(RedisFault fault) {
    const auto now = std::chrono::steady_clock::now();
    auto& said = said_[static_cast<std::size_t>(fault)];
    if (said && now - *said < kSayAgain) return;
    said = now;
    well_ = false;
    std::string line =
        "Redis at " + place_ + " " + std::string(fault_text(fault)) + "; records wait in the spool";
    if (!fault_advice(fault).empty()) line += "; " + std::string(fault_advice(fault));
    log_warning(line);
  }

  void well() {
    if (well_) return;
    well_ = true;
    log_info("Redis at " + place_ + " takes records");
  }

 private:
  static constexpr std::chrono::minutes kSayAgain{10};
  std::string place_;
  std::array<std::optional<SteadyTime>, kRedisFaults> said_;
  bool well_ = false;
};

}  // namespace

/// What the thread owns and does.
class RedisShipper::Run {
 public:
  Run(Spool& spool, const ShipperSettings& settings, const Clock& clock, ShipperCounters& counters)
      : settings_(settings),
        counters_(counters),
        session_(spool, settings_, clock, stop_, counters),
        voice_(settings.redis.place()) {}

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
    if (fault == RedisFault::Stopped) return;
    counters_.failures.add();
    counters_.faults[static_cast<std::size_t>(fault)].add();
    counters_.last_fault.set(static_cast<std::uint64_t>(fault) + 1);
    voice_.fault(fault);
  }

  void succeed() {
    back_off_.clear();
    voice_.well();
  }

  ShipperSettings settings_;
  ShipperCounters& counters_;
  StopSignal stop_;
  ShipSession session_;
  BackOff back_off_;
  FaultVoice voice_;
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
