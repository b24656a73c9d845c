#include "proxy/logs/spool/spool_writer.h"

#include "proxy/logs/spool/spool.h"
#include "proxy/logs/spool/spool_producer.h"

namespace portvakt::logs {
namespace {

/// Without room, so many records are refused before the disk is asked again.
constexpr std::uint32_t kRefusedUntried = 1000;

}  // namespace

SpoolWriter::SpoolWriter(Spool& spool, Producer& producer)
    : spool_(spool), producer_(producer), sequence_(producer.numbers().next_sequence.load()) {}

bool SpoolWriter::append(const AccessRecord& record) {
  scratch_.clear();
  encode(record, scratch_);
  return append(RecordKind::Access, record.site, scratch_);
}

bool SpoolWriter::append(const ConsentRecord& record) {
  scratch_.clear();
  encode(record, scratch_);
  return append(RecordKind::Consent, record.site, scratch_);
}

bool SpoolWriter::append(const EventRecord& record) {
  scratch_.clear();
  encode(record, scratch_);
  return scratch_.empty() || append(RecordKind::Event, record.site, scratch_);
}

bool SpoolWriter::append(const ErasureRecord& record) {
  scratch_.clear();
  encode(record, scratch_);
  return append(RecordKind::Erasure, record.site, scratch_);
}

bool SpoolWriter::append(RecordKind kind, std::string_view site, std::string_view payload) {
  if (site.size() > kMaxSite || payload.size() > kMaxPayload) return refuse();
  const SpooledRecord record{sequence_, kind, site, payload};
  Segment* current = current_.load(std::memory_order_relaxed);
  if (!current || !current->append(record)) {
    current = next_segment(current);  // the keeper closes none that is empty
    if (!current || !current->append(record)) return refuse();
  }
  ++sequence_;
  producer_.numbers().next_sequence.store(sequence_, std::memory_order_relaxed);
  appended_.add();
  return true;
}

Segment* SpoolWriter::next_segment(Segment* full) {
  if (full) full->seal();
  Segment* next = spare_.exchange(nullptr, std::memory_order_acq_rel);
  if (next) {
    spool_.wake_keeper();
  } else if (skip_ > 0) {
    --skip_;
  } else {
    next = spool_.make_segment(producer_);
    if (!next) skip_ = kRefusedUntried;
  }
  current_.store(next, std::memory_order_release);  // from here on the keeper may take the full one away
  return next;
}

bool SpoolWriter::refuse() {
  refused_.add();
  producer_.numbers().refused.fetch_add(1, std::memory_order_relaxed);
  return false;
}

}  // namespace portvakt::logs
