#include "proxy/logs/spool_writer.h"

#include "proxy/logs/spool.h"
#include "proxy/logs/spool_producer.h"

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
  if (!current_ || !current_->append(record)) {
    if (!next_segment() || !current_->append(record)) return refuse();
  }
  ++sequence_;
  producer_.numbers().next_sequence.store(sequence_, std::memory_order_relaxed);
  appended_.add();
  return true;
}

bool SpoolWriter::next_segment() {
  if (current_) current_->seal();
  current_ = spare_.exchange(nullptr, std::memory_order_acq_rel);
  if (current_) {
    spool_.wake_keeper();
    return true;
  }
  if (skip_ > 0) {
    --skip_;
    return false;
  }
  current_ = spool_.make_segment(producer_);
  if (!current_) skip_ = kRefusedUntried;
  return current_ != nullptr;
}

bool SpoolWriter::refuse() {
  refused_.add();
  producer_.numbers().refused.fetch_add(1, std::memory_order_relaxed);
  return false;
}

}  // namespace portvakt::logs
