// The thread that fills the store: asks the source for what is new, again and again, and lets visitors go
// when their time is over. A source or a disk that fails is tried again; the log hears of it once, and once
// when it is well again.
#pragma once

#include <chrono>
#include <memory>
#include <thread>

#include "insights/source.h"
#include "insights/store.h"
#include "proxy/base/clock.h"
#include "proxy/logs/stop_signal.h"

namespace portvakt::insights {

class Ingest {
 public:
  /// Starts the thread. `store` is its own; signal and clock outlive it.
  Ingest(std::unique_ptr<RecordSource> source, std::unique_ptr<Store> store,
         std::chrono::seconds visitor_retention, const Clock& clock, logs::StopSignal& stop);
  /// Raises the signal and waits for the thread.
  ~Ingest();
  Ingest(const Ingest&) = delete;
  Ingest& operator=(const Ingest&) = delete;

 private:
  void run();
  Result<std::size_t> work();

  std::unique_ptr<RecordSource> source_;
  std::unique_ptr<Store> store_;
  const std::chrono::seconds visitor_retention_;
  const Clock& clock_;
  logs::StopSignal& stop_;
  Day forgotten_before_ = 0;
  std::thread thread_;
};

}  // namespace portvakt::insights
