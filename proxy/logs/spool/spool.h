// The on-disk queue of records that have not reached their destination: a folder of memory-mapped segment
// files (spool_format.h describes them). Workers append through their SpoolWriter, the shipper takes out
// through a SpoolReader, and a keeper thread prepares segments, deletes delivered ones and holds the bound on
// total size: the oldest records are dropped and counted exactly. One process at a time (flock). Outlives its
// writers' and readers' use.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "proxy/base/clock.h"
#include "proxy/base/counters.h"
#include "proxy/base/result.h"
#include "proxy/logs/spool/spool_writer.h"

namespace portvakt::logs {

struct SpoolSettings {
  std::filesystem::path path;  // a folder; made (0700) if absent
  std::uint64_t max_size = std::uint64_t{1} << 30;
  std::size_t writers = 1;                // one a worker
  std::uint64_t segment_size = 4U << 20;  // made smaller where max_size needs it
  /// How long a delivered segment is kept, so that a Redis that lost its last moments can be given them
  /// again.
  std::chrono::milliseconds hold_delivered = std::chrono::seconds{30};
  /// A segment is closed so long after its first record, so that what it holds goes when it is delivered,
  /// however little comes.
  std::chrono::milliseconds rotate = std::chrono::minutes{10};
  /// Records that cannot be delivered for so long are dropped and counted.
  std::chrono::milliseconds max_age = std::chrono::hours{24 * 30};
  /// How often the disk is waited for, against a loss of power; 0: when the system writes by itself.
  std::chrono::milliseconds sync{0};
};

struct ProducerName;

class Spool {
 public:
  /// Errors: the folder cannot be made or written (Io), another process uses it (Refused), a file was written
  /// by a newer version (Unsupported), the bound is too small (Invalid).
  static Result<std::unique_ptr<Spool>> open(const SpoolSettings& settings, const Clock& clock);
  ~Spool();
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;

  /// `worker` below settings.writers.
  SpoolWriter& writer(std::size_t worker) { return *writers_[worker]; }

  /// Records ever appended or lost by this process, and the files' size now. Any thread.
  std::uint64_t appended() const;
  std::uint64_t lost() const;
  std::uint64_t bytes() const { return bytes_.value(); }

 private:
  friend class SpoolWriter;
  friend class SpoolReader;
  struct Lock;

  Spool(const SpoolSettings& settings, const Clock& clock);
  Result<void> load();
  Result<void> load_producer(const std::filesystem::path& path);
  Result<void> load_segment(const std::filesystem::path& path);
  Result<void> add_writers();
  Result<Producer*> find_or_add_producer(const ProducerName& name);
  void drop_unused();
  void keep();

  /// Null: neither the bound nor the disk leaves room, and nothing can be dropped. Takes the mutex.
  Segment* make_segment(Producer& producer);

  // With the mutex held:
  Segment* add_segment(Producer& producer);
  bool make_room();
  bool drop_oldest();
  void release_delivered();
  void close_old();
  void drop_expired();
  void free_retired();
  WallTime now() const;
  std::vector<std::filesystem::path> unsynced();
  void sync_if_due(std::unique_lock<std::mutex>& hold);
  /// Those of the records that were not yet delivered are lost.
  void count_lost(Producer& producer, std::uint64_t first, std::uint64_t last);
  void remove(Producer& producer, const Segment& segment);

  void wake_keeper() { wake_.notify_one(); }

  SpoolSettings settings_;
  const Clock& clock_;
  std::unique_ptr<Lock> lock_;
  mutable std::mutex mutex_;  // guards all below but the counters
  std::vector<std::unique_ptr<Producer>> producers_;
  std::vector<std::unique_ptr<SpoolWriter>> writers_;
  std::uint64_t next_ordinal_ = 1;
  std::vector<std::unique_ptr<Segment>> retired_;  // their files are gone; a writer may still look at them
  WallTime opened_wall_;
  SteadyTime opened_at_;
  SteadyTime synced_at_;
  std::optional<SteadyTime> confirmed_at_;  // what was stored by then is at every replica
  bool dropping_ = false;
  bool ending_ = false;
  Counter dropped_;
  Counter bytes_;
  std::condition_variable wake_;
  std::thread keeper_;
};

}  // namespace portvakt::logs
