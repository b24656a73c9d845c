#include "proxy/logs/records/erasure_record.h"

#include "proxy/logs/records/field_writers.h"

namespace portvakt::logs {
namespace {

using R = ErasureRecord;
using Scratch = std::string&;
using Text = std::string_view;

constexpr std::size_t kShort = 32;
constexpr std::size_t kName = 96;
constexpr std::chrono::minutes kSkew{1};

/// The place in this table is the field's number in spool files: append only.
constexpr RecordField<ErasureRecord> kFields[] = {
    {"id", nullptr, kName},
    {"t", [](const R& r, Scratch s) { return time_text(r.time, true, s); }, kShort},
    {"site", nullptr, kName},
    {"subject", [](const R& r, Scratch) { return Text(r.subject); }, kName},
    {"before", [](const R& r, Scratch s) { return time_text(r.before, true, s); }, kShort},
};

}  // namespace

WallTime erase_before(WallTime now) {
  return now + kSkew;
}

std::span<const RecordField<ErasureRecord>> erasure_fields() {
  return kFields;
}

void encode(const ErasureRecord& record, std::string& out) {
  encode_by_table(erasure_fields(), record, out);
}

}  // namespace portvakt::logs
