// The way out of the spool: reads each producer's records in order, remembers what was sent and what is
// stored, and can go back to the oldest record still held. Used by one thread, the shipper's. The Spool
// outlives it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "proxy/logs/spool/spool.h"

namespace portvakt::logs {

class SpoolReader {
 public:
  explicit SpoolReader(Spool& spool);
  ~SpoolReader();
  SpoolReader(const SpoolReader&) = delete;
  SpoolReader& operator=(const SpoolReader&) = delete;

  std::size_t producers() const { return cursors_.size(); }
  const std::string& id(std::size_t producer) const;

  /// The next records of one producer, at most `limit` and about `byte_limit` of them; none if it has no
  /// more. The views are good until delivered() or rewind(); the segments they point into are not dropped
  /// before.
  void read(std::size_t producer, std::size_t limit, std::size_t byte_limit,
            std::vector<SpooledRecord>& records);

  /// From now on these may be stored, whatever becomes of the connection. Call before the first byte is sent.
  void sending(std::size_t producer, std::uint64_t to);
  /// All records up to `to` are known to be stored, and the views of the last read() are done with.
  void delivered(std::size_t producer, std::uint64_t to);
  /// Record `first` was delivered once but is no longer stored.
  void missing(std::size_t producer, std::uint64_t first);
  /// What was stored by then is still there, at every replica, too.
  void confirm(SteadyTime as_of);
  /// Next is the oldest record held. Nothing counts as verified any more.
  void rewind(std::size_t producer);

  std::uint64_t sent(std::size_t producer) const;
  std::uint64_t delivered(std::size_t producer) const;
  /// The day (since 1970) that a record goes to; stays the same for ever, also across restarts. `today` is
  /// given to those that were never sent.
  std::int64_t day_for(std::size_t producer, std::uint64_t sequence, std::int64_t today);

 private:
  struct Cursor {
    std::uint64_t ordinal = 0;  // of the segment; 0: none yet
    std::size_t offset = 0;
    std::uint64_t sequence = 0;  // of the record last read
  };
  Segment* locate(const Producer& producer, Cursor& cursor) const;
  bool advance(const Producer& producer, const Segment& done, Cursor& cursor) const;
  void cut_torn(Producer& producer, Segment& segment, const Cursor& cursor);

  Spool& spool_;
  std::vector<Cursor> cursors_;
};

}  // namespace portvakt::logs
