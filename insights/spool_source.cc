#include "insights/spool_source.h"

#include <algorithm>
#include <memory>

#include "insights/store.h"
#include "proxy/base/ascii.h"
#include "proxy/logs/spool/spool_segment.h"

namespace portvakt::insights {
namespace {

namespace fs = std::filesystem;
using logs::Segment;

/// Segments in the order of their producers' numbering.
Result<std::vector<std::unique_ptr<Segment>>> open_segments(const fs::path& folder) {
  std::vector<std::unique_ptr<Segment>> segments;
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(folder, code)) {
    if (entry.path().extension() != ".segment") continue;
    auto segment = Segment::open(entry.path(), logs::MappedFile::Access::ReadOnly);
    if (!segment && !fs::exists(entry.path())) continue;  // dropped in the meantime
    if (!segment) return tl::unexpected(segment.error());
    if (*segment && (*segment)->records() > 0) segments.push_back(std::move(*segment));
  }
  if (code) return failure(ErrorKind::Io, "cannot read " + folder.string() + ": " + code.message());
  std::ranges::sort(segments, [](const auto& a, const auto& b) {
    const std::string left = a->producer().text(), right = b->producer().text();
    return left != right ? left < right : a->first() < b->first();
  });
  return segments;
}

/// Carries a segment's records past the store's position over in batches.
class SegmentReading {
 public:
  SegmentReading(const Segment& segment, Store& store)
      : segment_(segment), store_(store), producer_(segment.producer().text()) {}

  Result<std::size_t> run() {
    const auto position = store_.position("spool/" + producer_);
    if (!position) return tl::unexpected(position.error());
    std::uint64_t done = ascii::parse_uint(*position).value_or(0);
    if (segment_.last() <= done) return 0;
    begin(*position);
    std::size_t offset = Segment::begin();
    logs::SpooledRecord record;
    while (segment_.read(offset, record) == Segment::Step::Record) {
      if (record.sequence <= done) continue;
      add(record);
      if (batch_.records.size() < kBatchRecords) continue;
      if (auto flushed = flush(); !flushed) return flushed;
    }
    return flush();
  }

 private:
  void begin(std::string after) { batch_ = {"spool/" + producer_, std::move(after), {}, {}}; }

  void add(const logs::SpooledRecord& record) {
    const std::string id = producer_ + "-" + std::to_string(record.sequence);
    batch_.up_to = std::to_string(record.sequence);
    if (!logs::decode_fields(record, id, fields_)) return;
    SourceRecord& copy = batch_.records.emplace_back();
    copy.kind = record.kind;
    for (const auto& field : fields_) copy.fields.emplace_back(field.name, field.value);
  }

  Result<std::size_t> flush() {
    if (batch_.up_to.empty()) return taken_;
    const auto stored = store_.take(batch_);
    if (!stored) return stored;
    taken_ += *stored;
    begin(std::string(batch_.up_to));
    return taken_;
  }

  const Segment& segment_;
  Store& store_;
  const std::string producer_;
  RecordBatch batch_;
  std::vector<logs::FieldValue> fields_;
  std::size_t taken_ = 0;
};

}  // namespace

Result<std::size_t> SpoolSource::poll(Store& store) {
  const auto segments = open_segments(folder_);
  if (!segments) return tl::unexpected(segments.error());
  std::size_t taken = 0;
  for (const auto& segment : *segments) {
    const auto read = SegmentReading(*segment, store).run();
    if (!read) return read;
    taken += *read;
  }
  return taken;
}

}  // namespace portvakt::insights
