// What the spool's keeper does with time: closes segments, lets go of old ones, waits for the disk.
#include <algorithm>

#include <fcntl.h>
#include <unistd.h>

#include "proxy/base/log.h"
#include "proxy/logs/spool/spool.h"
#include "proxy/logs/spool/spool_producer.h"

namespace portvakt::logs {

/// As the clock stood when the spool was opened, and time since: a clock that is set makes nothing old.
WallTime Spool::now() const {
  return opened_wall_ + std::chrono::floor<std::chrono::milliseconds>(clock_.steady() - opened_at_);
}

void Spool::close_old() {
  for (const auto& producer : producers_) {
    for (const auto& segment : producer->segments) {
      if (segment->records() == 0) continue;
      if (!segment->began()) segment->note_began(now());
      if (!segment->sealed() && now() - *segment->began() >= settings_.rotate) segment->close();
    }
  }
}

void Spool::drop_expired() {
  for (const auto& producer : producers_) {
    for (std::size_t i = 0; i < producer->segments.size();) {
      Segment& segment = *producer->segments[i];
      const auto began = segment.began();
      if (!segment.sealed() || !began || now() - *began < settings_.max_age || producer->in_use(segment)) {
        ++i;
        continue;
      }
      const std::uint64_t before = dropped_.value();
      count_lost(*producer, segment.first(), segment.last());
      if (dropped_.value() > before) {
        log_warning(std::to_string(dropped_.value() - before) +
                    " records that could not be delivered within log.spool.max_age are dropped and counted");
      }
      remove(*producer, segment);
    }
  }
}

/// A segment that the keeper closed stays under its worker's eyes until the worker takes the next.
void Spool::free_retired() {
  std::erase_if(retired_, [this](const std::unique_ptr<Segment>& segment) {
    return std::ranges::none_of(writers_, [&](const auto& writer) {
      return writer->current_.load(std::memory_order_acquire) == segment.get();
    });
  });
}

/// Files with records that the disk may not have.
std::vector<std::filesystem::path> Spool::unsynced() {
  std::vector<std::filesystem::path> paths;
  for (const auto& producer : producers_) {
    for (const auto& segment : producer->segments) {
      if (segment->records() == 0 || segment->synced) continue;
      segment->synced = segment->sealed();
      paths.push_back(segment->path());
    }
  }
  return paths;
}

/// Without the mutex: a worker may need a segment meanwhile.
void Spool::sync_if_due(std::unique_lock<std::mutex>& hold) {
  if (settings_.sync.count() == 0 || clock_.steady() - synced_at_ < settings_.sync) return;
  synced_at_ = clock_.steady();
  const auto paths = unsynced();
  hold.unlock();
  for (const auto& path : paths) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) continue;  // delivered and deleted in the meantime
    ::fdatasync(fd);
    ::close(fd);
  }
  hold.lock();
}

}  // namespace portvakt::logs
