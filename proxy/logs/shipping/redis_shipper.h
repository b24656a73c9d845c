// Carries records from the spool to Redis, each exactly once: one thread, batches that are one atomic script
// call, marks beside the streams that tell what is stored, and a rewind to them after every reconnect. Also
// drops days past their retention. Needs the spool and the clock to outlive it; stop() or the destructor ends
// the thread.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "filters/consent/signing_key.h"
#include "proxy/base/clock.h"
#include "proxy/base/counters.h"
#include "proxy/logs/redis/redis_reply.h"
#include "proxy/logs/redis/redis_url.h"
#include "proxy/logs/shipping/retention.h"
#include "proxy/logs/spool/spool.h"

namespace portvakt::logs {

struct ShipperSettings {
  RedisUrl redis;
  std::string prefix = "portvakt";
  Retention retention;
  std::map<std::string, Retention, std::less<>> site_retention;  // where it differs
  std::vector<std::string> sites;  // whose days are looked after, besides those that records name
  std::vector<consent::SigningKey> receipt_keys;  // chain consent receipts; empty: no chain
  std::chrono::milliseconds connect_timeout = std::chrono::seconds{3};
  std::chrono::milliseconds reply_timeout = std::chrono::seconds{5};
  std::chrono::milliseconds idle_wait{25};  // between looks into an empty spool
};

/// Raised by the shipper, read by anybody.
struct ShipperCounters {
  Counter delivered;   // records stored, first time
  Counter retried;     // records sent again because the outcome was unknown, or because Redis had lost them
  Counter failures;    // connections lost or refused, and answers that ended an attempt
  Counter unreadable;  // records that this version cannot decode; skipped
  Counter days_dropped;
  Counter connected;                         // 1 or 0
  std::array<Counter, kRedisFaults> faults;  // failures by kind
  Counter last_fault;                        // the kind's number and 1; 0: none yet
};

class RedisShipper {
 public:
  /// Starts the thread. It never fails: an unreachable server is retried for ever (100 ms to 5 s, with
  /// jitter).
  RedisShipper(Spool& spool, const ShipperSettings& settings, const Clock& clock);
  ~RedisShipper();
  RedisShipper(const RedisShipper&) = delete;
  RedisShipper& operator=(const RedisShipper&) = delete;

  /// Delivers what is left, for at most `limit`; what remains stays in the spool. Any thread, returns when
  /// done.
  void stop(std::chrono::milliseconds limit);

  const ShipperCounters& counters() const { return counters_; }

 private:
  class Run;
  ShipperCounters counters_;
  std::unique_ptr<Run> run_;
  std::thread thread_;
};

}  // namespace portvakt::logs
