#include "proxy/logs/spool/spool_segment.h"

#include <cstring>

#include "proxy/base/crc32c.h"

namespace portvakt::logs {
namespace {

std::size_t padded(std::size_t size) {
  return (size + 7) & ~std::size_t{7};
}

std::uint64_t extent_of(std::uint64_t records, std::size_t used) {
  return records << 32 | used;
}

/// The checksum of a record whose head, site and payload lie one after the other.
std::uint32_t checksum_of(const char* record, std::size_t size) {
  return crc32c({record + sizeof(RecordHead::checksum), size - sizeof(RecordHead::checksum)});
}

std::string segment_name(const ProducerName& name, std::uint64_t ordinal) {
  std::string digits = std::to_string(ordinal);
  if (digits.size() < 10) digits.insert(0, 10 - digits.size(), '0');
  return name.text() + "-" + digits + ".segment";
}

}  // namespace

std::string ProducerName::text() const {
  std::string text(16, '0');
  for (std::size_t i = 0; i < 16; ++i) text[i] = "0123456789abcdef"[key >> (60 - 4 * i) & 15U];
  return text + "-" + std::to_string(slot);
}

Result<std::unique_ptr<Segment>> Segment::create(const std::filesystem::path& folder,
                                                 const ProducerName& name, std::uint64_t ordinal,
                                                 std::size_t size) {
  auto file = MappedFile::create(folder / segment_name(name, ordinal), size);
  if (!file) return tl::unexpected(file.error());
  std::unique_ptr<Segment> segment(new Segment(std::move(*file)));
  SegmentHeader& header = *segment->header_;
  header.version = kSpoolVersion;
  header.slot = name.slot;
  header.key = name.key;
  header.ordinal = ordinal;
  header.extent.store(extent_of(0, begin()), std::memory_order_release);
  std::memcpy(header.magic, kSegmentMagic.data(),
              sizeof header.magic);  // last: without it the file is no segment
  return segment;
}

Result<std::unique_ptr<Segment>> Segment::open(const std::filesystem::path& path, MappedFile::Access access) {
  auto file = MappedFile::open(path, access);
  if (!file) return tl::unexpected(file.error());
  if ((*file)->size() < sizeof(SegmentHeader)) {
    return failure(ErrorKind::Malformed, path.string() + " is too short for a spool segment");
  }
  std::unique_ptr<Segment> segment(new Segment(std::move(*file)));
  const std::string_view magic(segment->header_->magic, sizeof segment->header_->magic);
  if (magic == std::string_view("\0\0\0\0\0\0\0\0", 8)) return std::unique_ptr<Segment>();
  if (magic != kSegmentMagic) return failure(ErrorKind::Malformed, path.string() + " is not a spool segment");
  if (segment->header_->version != kSpoolVersion) {
    return failure(ErrorKind::Unsupported,
                   path.string() + " has spool format " + std::to_string(segment->header_->version) +
                       "; this version reads format " + std::to_string(kSpoolVersion) +
                       ": it was written by a newer portvakt");
  }
  segment->seal();
  return segment;
}

bool Segment::append(const SpooledRecord& record) {
  writing_.store(true, std::memory_order_seq_cst);
  const bool done = !closing_.load(std::memory_order_seq_cst) && put(record);
  writing_.store(false, std::memory_order_release);
  return done;
}

bool Segment::close() {
  closing_.store(true, std::memory_order_seq_cst);
  if (writing_.load(std::memory_order_seq_cst)) return false;
  seal();
  return true;
}

std::optional<WallTime> Segment::began() const {
  const std::uint64_t time = header_->began.load(std::memory_order_relaxed);
  if (time == 0) return std::nullopt;
  return WallTime{std::chrono::milliseconds{static_cast<std::int64_t>(time)}};
}

void Segment::note_began(WallTime time) {
  header_->began.store(static_cast<std::uint64_t>(time.time_since_epoch().count()),
                       std::memory_order_relaxed);
}

bool Segment::put(const SpooledRecord& record) {
  const std::uint64_t extent = header_->extent.load(std::memory_order_relaxed);
  const std::size_t used = extent & 0xFFFFFFFFU;
  const std::size_t size = sizeof(RecordHead) + record.site.size() + record.payload.size();
  if (used + padded(size) > bytes()) return false;
  char* at = file_->data() + used;
  const RecordHead head{0,
                        static_cast<std::uint32_t>(record.payload.size()),
                        record.sequence,
                        static_cast<std::uint8_t>(record.kind),
                        static_cast<std::uint8_t>(record.site.size()),
                        {}};
  std::memcpy(at, &head, sizeof head);
  std::memcpy(at + sizeof head, record.site.data(), record.site.size());
  std::memcpy(at + sizeof head + record.site.size(), record.payload.data(), record.payload.size());
  const std::uint32_t checksum = checksum_of(at, size);
  std::memcpy(at, &checksum, sizeof checksum);
  const std::uint64_t count = extent >> 32;
  if (count == 0) header_->first_sequence.store(record.sequence, std::memory_order_relaxed);
  header_->extent.store(extent_of(count + 1, used + padded(size)), std::memory_order_release);
  return true;
}

Segment::Step Segment::read(std::size_t& offset, SpooledRecord& record) const {
  const std::size_t used = header_->extent.load(std::memory_order_acquire) & 0xFFFFFFFFU;
  if (offset >= used) return Step::End;
  const std::size_t limit = std::min(used, bytes());
  if (offset + sizeof(RecordHead) > limit) return Step::Torn;
  const char* at = file_->data() + offset;
  RecordHead head;
  std::memcpy(&head, at, sizeof head);
  const std::size_t size = sizeof head + head.site_size + std::size_t{head.payload_size};
  if (head.payload_size > kMaxPayload || offset + padded(size) > limit) return Step::Torn;
  if (checksum_of(at, size) != head.checksum) return Step::Torn;
  record.sequence = head.sequence;
  record.kind = static_cast<RecordKind>(head.kind);
  record.site = {at + sizeof head, head.site_size};
  record.payload = {at + sizeof head + head.site_size, head.payload_size};
  offset += padded(size);
  return Step::Record;
}

void Segment::cut(std::size_t offset, std::uint64_t records_before) {
  header_->extent.store(extent_of(records_before, offset), std::memory_order_release);
}

}  // namespace portvakt::logs
