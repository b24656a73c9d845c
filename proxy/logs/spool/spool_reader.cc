#include "proxy/logs/spool/spool_reader.h"

#include <algorithm>

#include "proxy/base/log.h"
#include "proxy/logs/spool/spool_producer.h"

namespace portvakt::logs {

SpoolReader::SpoolReader(Spool& spool) : spool_(spool), cursors_(spool.producers_.size()) {}

SpoolReader::~SpoolReader() {
  for (std::size_t i = 0; i < cursors_.size(); ++i) rewind(i);
}

const std::string& SpoolReader::id(std::size_t producer) const {
  return spool_.producers_[producer]->id();
}

void SpoolReader::read(std::size_t index, std::size_t limit, std::size_t byte_limit,
                       std::vector<SpooledRecord>& records) {
  records.clear();
  const std::lock_guard hold(spool_.mutex_);
  Producer& producer = *spool_.producers_[index];
  Cursor& cursor = cursors_[index];
  for (std::size_t bytes = 0; records.size() < limit && bytes < byte_limit;) {
    Segment* segment = locate(producer, cursor);
    if (!segment) break;
    // Asked first: what is appended before the seal is then seen by the read.
    const bool sealed = segment->sealed();
    SpooledRecord record;
    const Segment::Step step = segment->read(cursor.offset, record);
    if (step == Segment::Step::Record) {
      cursor.sequence = record.sequence;
      bytes += record.payload.size();
      records.push_back(record);
      continue;
    }
    if (!sealed) break;
    if (step == Segment::Step::Torn) cut_torn(producer, *segment, cursor);
    if (!advance(producer, *segment, cursor)) break;
  }
  if (records.empty()) return;
  producer.reading_from = records.front().sequence;
  producer.reading_to = records.back().sequence;
}

/// The segment under the cursor; if it is gone or there was none, the one that follows what was read.
Segment* SpoolReader::locate(const Producer& producer, Cursor& cursor) const {
  for (const auto& segment : producer.segments) {
    if (segment->ordinal() == cursor.ordinal) return segment.get();
  }
  Segment* next = producer.segment_after(cursor.sequence);
  if (next) cursor = {next->ordinal(), Segment::begin(), cursor.sequence};
  return next;
}

bool SpoolReader::advance(const Producer& producer, const Segment& done, Cursor& cursor) const {
  const Segment* next = producer.segment_after(cursor.sequence);
  if (!next || next == &done) return false;
  cursor.ordinal = next->ordinal();
  cursor.offset = Segment::begin();
  return true;
}

void SpoolReader::cut_torn(Producer& producer, Segment& segment, const Cursor& cursor) {
  const std::uint64_t first = segment.first();
  const std::uint64_t whole = cursor.sequence >= first ? cursor.sequence - first + 1 : 0;
  log_warning(segment.path().string() + " is damaged: " + std::to_string(segment.records() - whole) +
              " records at its end cannot be read");
  spool_.count_lost(producer, first + whole, segment.last());
  segment.cut(cursor.offset, whole);
}

void SpoolReader::sending(std::size_t index, std::uint64_t to) {
  const std::lock_guard hold(spool_.mutex_);
  auto& numbers = spool_.producers_[index]->numbers();
  if (to > numbers.sent.load(std::memory_order_relaxed)) numbers.sent.store(to, std::memory_order_release);
}

void SpoolReader::delivered(std::size_t index, std::uint64_t to) {
  const std::lock_guard hold(spool_.mutex_);
  Producer& producer = *spool_.producers_[index];
  producer.reading_from = 1;
  producer.reading_to = 0;
  producer.verified = std::max(producer.verified, to);
  if (to > producer.delivered()) producer.numbers().delivered.store(to, std::memory_order_release);
}

void SpoolReader::missing(std::size_t index, std::uint64_t first) {
  const std::lock_guard hold(spool_.mutex_);
  Producer& producer = *spool_.producers_[index];
  if (first <= producer.delivered()) producer.numbers().delivered.store(first - 1, std::memory_order_release);
}

void SpoolReader::confirm(SteadyTime as_of) {
  const std::lock_guard hold(spool_.mutex_);
  spool_.confirmed_at_ = as_of;
}

void SpoolReader::rewind(std::size_t index) {
  const std::lock_guard hold(spool_.mutex_);
  Producer& producer = *spool_.producers_[index];
  cursors_[index] = Cursor();
  producer.reading_from = 1;
  producer.reading_to = 0;
  producer.verified = 0;
  for (const auto& segment : producer.segments) segment->delivered_at.reset();
}

std::uint64_t SpoolReader::sent(std::size_t index) const {
  return spool_.producers_[index]->sent();
}

std::uint64_t SpoolReader::delivered(std::size_t index) const {
  return spool_.producers_[index]->delivered();
}

std::int64_t SpoolReader::day_for(std::size_t index, std::uint64_t sequence, std::int64_t today) {
  const std::lock_guard hold(spool_.mutex_);
  Producer& producer = *spool_.producers_[index];
  const bool undecided = sequence > producer.sent() || producer.day_of(sequence) < 0;
  if (undecided && producer.day_of(sequence) != today) producer.begin_day(sequence, today);
  return producer.day_of(sequence);
}

}  // namespace portvakt::logs
