// Any bytes as a segment file, after a header that is ours: reading ends, stays inside the file, and what it
// yields decodes to harmless text or not at all.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>

#include <unistd.h>

#include "proxy/base/crc32c.h"
#include "proxy/logs/spool/spool_segment.h"

namespace {

using namespace portvakt::logs;

/// Gives the record at `at` a right checksum if its lengths allow, so that the bytes behind it are looked at.
void mend(std::string& file, std::size_t at) {
  if (at + sizeof(RecordHead) > file.size()) return;
  RecordHead head;
  std::memcpy(&head, file.data() + at, sizeof head);
  const std::size_t size = sizeof head + head.site_size + std::size_t{head.payload_size};
  if (head.payload_size > kMaxPayload || at + size > file.size()) return;
  head.checksum = portvakt::crc32c({file.data() + at + 4, size - 4});
  std::memcpy(file.data() + at, &head, sizeof head);
}

void read_all(const Segment& segment) {
  std::size_t offset = Segment::begin();
  SpooledRecord record;
  std::vector<FieldValue> fields;
  const std::string id = "p-0-1";
  while (segment.read(offset, record) == Segment::Step::Record) {
    if (offset > segment.bytes()) std::abort();
    (void)decode_fields(record, id, fields);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("spool_fuzz-" + std::to_string(::getpid()) + ".segment");
  std::string file(sizeof(SegmentHeader), '\0');
  file.append(reinterpret_cast<const char*>(data), size);
  std::memcpy(file.data(), kSegmentMagic.data(), kSegmentMagic.size());
  std::memcpy(file.data() + offsetof(SegmentHeader, version), &kSpoolVersion, sizeof kSpoolVersion);
  // The first byte chooses where the extent ends, also past the file.
  const std::uint64_t extent = std::uint64_t{3} << 32 | (file.size() + (size > 0 ? data[0] % 64 : 0));
  std::memcpy(file.data() + offsetof(SegmentHeader, extent), &extent, sizeof extent);
  mend(file, Segment::begin());
  std::ofstream(path, std::ios::binary | std::ios::trunc) << file;
  auto segment = Segment::open(path, MappedFile::Access::ReadOnly);
  std::filesystem::remove(path);
  if (segment && *segment) read_all(**segment);
  return 0;
}
