// The thread that carries erasures out beside shipping: its own connection, its own back-off, an ErasureJob
// in between. Never fails: what Redis cannot do now is done later. The clock outlives it; the destructor ends
// the thread.
#pragma once

#include <thread>

#include "proxy/logs/redis/redis_url.h"
#include "proxy/logs/subjects/erasure_job.h"

namespace portvakt::logs {

class ErasureRunner {
 public:
  ErasureRunner(const RedisUrl& redis, ErasureSettings settings, const Clock& clock);
  ~ErasureRunner();
  ErasureRunner(const ErasureRunner&) = delete;
  ErasureRunner& operator=(const ErasureRunner&) = delete;

  const ErasureCounters& counters() const { return counters_; }

 private:
  void run();
  void report(RedisFault fault);

  const RedisUrl redis_;
  ErasureCounters counters_;
  StopSignal stop_;
  RedisClient client_;
  ErasureJob job_;
  std::optional<RedisFault> said_;
  std::thread thread_;
};

}  // namespace portvakt::logs
