// One producer of the spool: its name, its numbers in a small mapped file, and its segments. What a number
// means and who may write it stands in spool_format.h. Owned by the Spool, whose mutex guards the list of
// segments.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "proxy/logs/spool/mapped_file.h"
#include "proxy/logs/spool/spool_format.h"
#include "proxy/logs/spool/spool_segment.h"

namespace portvakt::logs {

class Producer {
 public:
  /// A producer that never was: takes `name`, begins at sequence 1.
  static Result<std::unique_ptr<Producer>> create(const std::filesystem::path& folder,
                                                  const ProducerName& name);
  /// From its file. Unsupported: a newer format; Malformed: not ours.
  static Result<std::unique_ptr<Producer>> open(const std::filesystem::path& path);

  const ProducerName& name() const { return name_; }
  const std::string& id() const { return id_; }
  ProducerLayout& numbers() { return *numbers_; }
  std::uint64_t delivered() const { return numbers_->delivered.load(std::memory_order_relaxed); }
  std::uint64_t sent() const { return numbers_->sent.load(std::memory_order_relaxed); }

  /// After loading, with all segments in place: makes the numbers cover what the segments hold, and leaves
  /// the gap if the machine restarted since.
  void recover(std::string_view boot);

  /// The segment with the lowest sequences above `sequence`; null if there is none.
  Segment* segment_after(std::uint64_t sequence) const;
  /// Whether the shipper looks at it now, or has sent from it and not heard.
  bool in_use(const Segment& segment) const;

  /// The day that a record belongs to for ever, once begin_day() has covered its sequence; -1 before.
  std::int64_t day_of(std::uint64_t sequence) const;
  /// Records from `first` on go to `day`; on the disk before this returns.
  void begin_day(std::uint64_t first, std::int64_t day);

  std::vector<std::unique_ptr<Segment>> segments;
  /// What the reader's views point into: from, to. Empty when from is above to.
  std::uint64_t reading_from = 1;
  std::uint64_t reading_to = 0;
  /// All up to here are stored, as far as the present connection to Redis has shown.
  std::uint64_t verified = 0;

 private:
  explicit Producer(std::unique_ptr<MappedFile> file);
  void forget_old_days();

  std::unique_ptr<MappedFile> file_;
  ProducerLayout* numbers_;
  ProducerName name_;
  std::string id_;
};

/// Names this boot of this machine; empty where the system does not tell.
std::string current_boot();

}  // namespace portvakt::logs
