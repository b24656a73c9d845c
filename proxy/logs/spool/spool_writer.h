// Where a worker leaves its records: appends to a memory-mapped segment without a lock or a system call;
// after append returns, the record survives the process. Owned by the Spool, used by one thread, which must
// be done with it before the Spool goes. Once every few thousand records the next segment is taken over; the
// spool's keeper thread has prepared it by then, and only if it has not does the worker make one itself.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

#include "proxy/base/counters.h"
#include "proxy/logs/records/access_record.h"
#include "proxy/logs/records/consent_record.h"
#include "proxy/logs/records/erasure_record.h"
#include "proxy/logs/records/event_record.h"

namespace portvakt::logs {

class Producer;
class Segment;
class Spool;

class SpoolWriter {
 public:
  SpoolWriter(Spool& spool, Producer& producer);
  SpoolWriter(const SpoolWriter&) = delete;
  SpoolWriter& operator=(const SpoolWriter&) = delete;

  /// False: there was no room on the disk and nothing older to drop, or the record is absurdly long; it was
  /// counted as lost. The caller goes on either way.
  bool append(const AccessRecord& record);
  bool append(const ConsentRecord& record);
  /// Without analytics consent there is nothing to append, and nothing is.
  bool append(const EventRecord& record);
  bool append(const ErasureRecord& record);
  bool append(RecordKind kind, std::string_view site, std::string_view payload);

  const Counter& appended() const { return appended_; }
  const Counter& refused() const { return refused_; }

 private:
  friend class Spool;
  /// Null: there is none to be had.
  Segment* next_segment(Segment* full);
  bool refuse();

  Spool& spool_;
  Producer& producer_;
  std::atomic<Segment*> current_{nullptr};  // the worker's; the keeper looks which segment it is
  std::uint64_t sequence_;                  // of the next record
  std::atomic<Segment*> spare_{nullptr};    // put here by the keeper, taken by the worker
  std::uint32_t skip_ = 0;                  // records refused untried after a segment could not be had
  std::string scratch_;
  Counter appended_;
  Counter refused_;
};

}  // namespace portvakt::logs
