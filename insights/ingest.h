// The thread that fills the store: asks the source for what is new, again and again, and acts on
// erasures, lets days go when their time is over, prepares those that have come to rest. A source or a disk
// that fails is tried again; the log hears of it once, and once when it is well again.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <thread>

#include "insights/source.h"
#include "insights/store.h"
#include "insights/store_settings.h"
#include "proxy/base/clock.h"
#include "proxy/logs/redis/stop_signal.h"

namespace portvakt::insights {

struct IngestSettings {
  std::chrono::seconds visits = std::chrono::hours{24 * 365};      // for so long visitors are told apart
  std::chrono::seconds counts = std::chrono::hours{24 * 365 * 3};  // and counts kept
};

class Ingest {
 public:
  /// Starts the thread. `store` is its own; signal and clock outlive it.
  Ingest(std::unique_ptr<RecordSource> source, std::unique_ptr<Store> store, StoreSettings settings,
         IngestSettings ingest, const Clock& clock, logs::StopSignal& stop);
  /// Raises the signal and waits for the thread.
  ~Ingest();
  Ingest(const Ingest&) = delete;
  Ingest& operator=(const Ingest&) = delete;

 private:
  void run();
  Result<std::size_t> work();
  Result<void> retain();

  std::unique_ptr<RecordSource> source_;
  std::unique_ptr<Store> store_;
  const StoreSettings settings_;
  const IngestSettings ingest_;
  const Clock& clock_;
  logs::StopSignal& stop_;
  std::map<std::string, Day> retained_;  // by site: the day for which it was done
  std::thread thread_;
};

}  // namespace portvakt::insights
