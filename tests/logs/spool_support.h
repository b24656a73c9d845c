// What the spool's tests share: a clock that several threads may read, settings for a small spool, and a wait
// for what another thread is about to do.
#pragma once

#include <atomic>
#include <functional>
#include <thread>
#include <vector>

#include <poll.h>

#include "proxy/logs/spool/spool.h"
#include "proxy/logs/spool/spool_reader.h"

namespace portvakt::logs {

class SharedClock : public Clock {
 public:
  WallTime wall() const override { return WallTime{std::chrono::milliseconds{wall_.load()}}; }
  SteadyTime steady() const override { return SteadyTime{std::chrono::milliseconds{steady_.load()}}; }
  void advance(std::chrono::milliseconds by) {
    wall_ += by.count();
    steady_ += by.count();
  }
  void set_wall(WallTime now) { wall_ = now.time_since_epoch().count(); }

 private:
  std::atomic<std::int64_t> wall_{
      WallTime{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22} + std::chrono::hours{12}}
          .time_since_epoch()
          .count()};
  std::atomic<std::int64_t> steady_{1000};
};

inline SpoolSettings small_spool(const std::filesystem::path& path, std::size_t writers = 1) {
  SpoolSettings settings;
  settings.path = path;
  settings.max_size = 64U << 20;
  settings.writers = writers;
  settings.segment_size = 128 * 1024;
  return settings;
}

/// Until `done` or a minute has passed; whether it was done.
inline bool wait_until(const std::function<bool()>& done) {
  const auto limit = std::chrono::steady_clock::now() + std::chrono::minutes{1};
  while (!done()) {
    if (std::chrono::steady_clock::now() > limit) return false;
    ::poll(nullptr, 0, 1);
  }
  return true;
}

/// All that one producer has to give, read on from where the reader stands.
inline std::vector<std::uint64_t> read_sequences(SpoolReader& reader, std::size_t producer) {
  std::vector<std::uint64_t> sequences;
  std::vector<SpooledRecord> records;
  while (reader.read(producer, 1000, 1U << 20, records), !records.empty()) {
    for (const auto& record : records) sequences.push_back(record.sequence);
  }
  return sequences;
}

inline std::vector<std::uint64_t> count_up(std::uint64_t from, std::uint64_t to) {
  std::vector<std::uint64_t> numbers;
  for (; from <= to; ++from) numbers.push_back(from);
  return numbers;
}

}  // namespace portvakt::logs
