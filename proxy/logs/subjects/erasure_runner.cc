#include "proxy/logs/subjects/erasure_runner.h"

#include "proxy/base/log.h"

namespace portvakt::logs {
namespace {

using std::chrono::milliseconds;

constexpr RedisClient::Timeouts kTimeouts{std::chrono::seconds{3}, std::chrono::seconds{10}};
constexpr milliseconds kBetweenRounds{1000};
constexpr milliseconds kAfterFault{5000};

bool concerns_files(RedisFault fault) {
  return fault == RedisFault::NoPermission || fault == RedisFault::NotWritable;
}

}  // namespace

ErasureRunner::ErasureRunner(const RedisUrl& redis, ErasureSettings settings, const Clock& clock)
    : redis_(redis),
      client_(redis, kTimeouts, stop_),
      job_(client_, std::move(settings), clock, counters_),
      thread_([this] { run(); }) {}

ErasureRunner::~ErasureRunner() {
  stop_.raise(std::chrono::steady_clock::now());
  thread_.join();
}

void ErasureRunner::run() {
  while (!stop_.raised()) {
    tl::expected<void, RedisFault> done;
    if (!client_.connected()) done = client_.connect();
    if (done) done = job_.round();
    if (done) said_.reset();
    if (!done) report(done.error());
    if (!done && !concerns_files(done.error())) client_.disconnect();
    stop_.wait(done ? kBetweenRounds : kAfterFault);
  }
}

/// The shipper tells of a server that cannot be reached.
void ErasureRunner::report(RedisFault fault) {
  if (said_ == fault || fault == RedisFault::Stopped || fault == RedisFault::Unreachable) return;
  said_ = fault;
  log_warning("Redis at " + redis_.place() + " " + std::string(fault_text(fault)) +
              "; erasures that are not finished wait");
}

}  // namespace portvakt::logs
