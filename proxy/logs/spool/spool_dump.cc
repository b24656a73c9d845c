#include "proxy/logs/spool/spool_dump.h"

#include <algorithm>
#include <vector>

#include "proxy/base/json_text.h"
#include "proxy/logs/spool/spool_segment.h"

namespace portvakt::logs {
namespace {

namespace fs = std::filesystem;

std::string_view kind_name(RecordKind kind) {
  switch (kind) {
    case RecordKind::Access:
      return "request";
    case RecordKind::Consent:
      return "consent";
    case RecordKind::Event:
      return "event";
    case RecordKind::Erasure:
      return "erasure";
  }
  return "unknown";
}

void write_line(std::ostream& out, RecordKind kind, const std::vector<FieldValue>& fields) {
  std::string line = "{";
  append_json_member(line, "kind", kind_name(kind));
  for (const FieldValue& field : fields) append_json_member(line, field.name, field.value);
  out << line << "}\n";
}

void dump_segment(const Segment& segment, std::ostream& out) {
  const std::string producer = segment.producer().text() + "-";
  std::size_t offset = Segment::begin();
  SpooledRecord record;
  std::vector<FieldValue> fields;
  while (segment.read(offset, record) == Segment::Step::Record) {
    const std::string id = producer + std::to_string(record.sequence);
    if (decode_fields(record, id, fields)) write_line(out, record.kind, fields);
  }
}

}  // namespace

Result<void> dump(const fs::path& folder, std::ostream& out) {
  std::vector<std::unique_ptr<Segment>> segments;
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(folder, code)) {
    if (entry.path().extension() != ".segment") continue;
    auto segment = Segment::open(entry.path(), MappedFile::Access::ReadOnly);
    if (!segment && segment.error().kind == ErrorKind::Unsupported) return tl::unexpected(segment.error());
    if (!segment && !fs::exists(entry.path())) continue;  // delivered and deleted in the meantime
    if (!segment && segment.error().kind == ErrorKind::Io) return tl::unexpected(segment.error());
    if (segment && *segment) segments.push_back(std::move(*segment));
  }
  if (code) return failure(ErrorKind::Io, "cannot read " + folder.string() + ": " + code.message());
  std::ranges::sort(segments, [](const auto& a, const auto& b) {
    const std::string left = a->producer().text(), right = b->producer().text();
    return left != right ? left < right : a->first() < b->first();
  });
  for (const auto& segment : segments) dump_segment(*segment, out);
  return {};
}

}  // namespace portvakt::logs
