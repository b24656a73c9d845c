// Records of one producer, site and day as one atomic script call. The call says which record it follows; the
// script stores nothing if that one is missing, skips what is already stored, and moves the producer's mark.
// So a batch sent twice is stored once, and none is stored behind a gap. In the same call records of a
// visitor enter the day's index of visitors, or are left out where an erasure stands. A value being built; no
// I/O.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/logs/records/record_field.h"
#include "proxy/logs/redis/ship_keys.h"

namespace portvakt::logs {

/// Answers with the producer's mark after the call: the batch's last sequence if all went well, less if
/// records before it are missing.
std::string_view batch_script();

class ShipBatch {
 public:
  static constexpr std::size_t kMaxRecords = 128;
  static constexpr std::size_t kMaxBytes = 512 * 1024;

  /// The next batch begins after sequence `after`.
  void start(std::uint64_t after);
  /// `fields` are the record's, `id` first.
  void add(const SpooledRecord& record, const std::vector<FieldValue>& fields);
  bool empty() const { return records_ == 0; }
  bool full() const { return records_ >= kMaxRecords || body_.size() >= kMaxBytes; }
  std::uint64_t last() const { return last_; }

  /// Appends the call. `chain_end` is the producer's receipt chain after the batch; empty: it holds no
  /// receipt.
  void write(const DayKeys& keys, std::string_view producer, std::string_view script_digest,
             std::string_view chain_end, std::string& out) const;

 private:
  std::uint64_t after_ = 0;
  std::uint64_t last_ = 0;
  std::size_t records_ = 0;
  std::size_t arguments_ = 0;
  std::string body_;
};

}  // namespace portvakt::logs
