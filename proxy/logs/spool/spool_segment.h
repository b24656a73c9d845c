// One segment file of the spool: appended to by one worker, read by one reader at the same time, published by
// an atomic store. A resource; the Spool owns it and serialises everything but append() and the reading of
// what is published.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "proxy/base/clock.h"
#include "proxy/logs/records/record_field.h"
#include "proxy/logs/spool/mapped_file.h"
#include "proxy/logs/spool/spool_format.h"

namespace portvakt::logs {

/// Who writes: unique for ever. A value.
struct ProducerName {
  std::uint64_t key = 0;
  std::uint32_t slot = 0;
  /// Sixteen hexadecimal digits, a dash, the slot.
  std::string text() const;
  friend bool operator==(const ProducerName&, const ProducerName&) = default;
};

class Segment {
 public:
  static Result<std::unique_ptr<Segment>> create(const std::filesystem::path& folder,
                                                 const ProducerName& name, std::uint64_t ordinal,
                                                 std::size_t size);
  /// Null where the file is no more than reserved space (its maker died). Unsupported: a newer format.
  static Result<std::unique_ptr<Segment>> open(const std::filesystem::path& path, MappedFile::Access access);

  /// False: it does not fit, or the segment was closed. The worker's; no lock, no system call.
  bool append(const SpooledRecord& record);
  /// The keeper's wish that nothing more is appended. False: the worker is just appending; ask again.
  bool close();
  /// The worker's promise that nothing more is appended.
  void seal() { sealed_.store(true, std::memory_order_release); }
  bool sealed() const { return sealed_.load(std::memory_order_acquire); }

  enum class Step { Record, End, Torn };
  /// Reads the record at `offset` (start with begin()) and moves `offset` past it. Views live as long as the
  /// segment.
  Step read(std::size_t& offset, SpooledRecord& record) const;
  static constexpr std::size_t begin() { return sizeof(SegmentHeader); }

  std::uint64_t records() const { return header_->extent.load(std::memory_order_acquire) >> 32; }
  std::uint64_t first() const { return header_->first_sequence.load(std::memory_order_relaxed); }
  /// Of its records; first() - 1 when there are none.
  std::uint64_t last() const { return first() + records() - 1; }
  bool overlaps(std::uint64_t from, std::uint64_t to) const {
    return records() > 0 && first() <= to && last() >= from;
  }
  std::uint64_t ordinal() const { return header_->ordinal; }
  ProducerName producer() const { return {header_->key, header_->slot}; }
  std::size_t bytes() const { return file_->size(); }
  const std::filesystem::path& path() const { return file_->path(); }

  /// Forgets what begins at `offset`: it is not whole. Only on a sealed segment.
  void cut(std::size_t offset, std::uint64_t records_before);

  /// When its first record was seen, kept in the file; empty: there was none yet.
  std::optional<WallTime> began() const;
  void note_began(WallTime time);

  /// When the last of its records was known to be stored; the Spool's, under its mutex.
  std::optional<SteadyTime> delivered_at;
  /// The disk has had time to take it since it was sealed; the keeper's.
  bool synced = false;

 private:
  explicit Segment(std::unique_ptr<MappedFile> file)
      : file_(std::move(file)), header_(reinterpret_cast<SegmentHeader*>(file_->data())) {}
  bool put(const SpooledRecord& record);

  std::unique_ptr<MappedFile> file_;
  SegmentHeader* header_;
  std::atomic<bool> sealed_{false};
  // The worker says that it writes before it looks whether the segment is closing; the keeper closes before
  // it looks whether the worker writes. So one of them sees the other.
  std::atomic<bool> writing_{false};
  std::atomic<bool> closing_{false};
};

}  // namespace portvakt::logs
