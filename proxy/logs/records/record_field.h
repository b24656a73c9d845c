// What records have in common: the kinds, the table row that describes a field, and the decoded form. The
// payload of a record is a run of fields, each one byte of table index, a length of one or two bytes (LEB128)
// and text. Any thread; no state.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace portvakt::logs {

/// Written into spool files: never renumber.
enum class RecordKind : std::uint8_t { Access = 1, Consent = 2, Event = 3, Erasure = 4 };

/// One row of a record's table: the name that consumers see, and where its text comes from; `scratch` is for
/// text that has to be made. A null `text` marks what the record's place in the spool tells: `id` and `site`.
template <typename Record>
struct RecordField {
  std::string_view name;
  std::string_view (*text)(const Record& record, std::string& scratch);
  std::size_t limit;  // bytes of text kept
};

/// One decoded field. The views live as long as what was decoded.
struct FieldValue {
  std::string_view name;
  std::string_view value;
  friend bool operator==(const FieldValue&, const FieldValue&) = default;
};

/// A record as it lies in the spool.
struct SpooledRecord {
  std::uint64_t sequence = 0;
  RecordKind kind = RecordKind::Access;
  std::string_view site;
  std::string_view payload;
};

/// The longest text of one field.
inline constexpr std::size_t kMaxFieldBytes = 2048;

/// Appends index, length and `value` made safe: control characters and invalid UTF-8 become U+FFFD, and what
/// exceeds `limit` is cut between characters. An empty value appends nothing.
void append_field(std::string& payload, std::size_t index, std::string_view value, std::size_t limit);

/// All fields of a record in its table's order, absent ones left out, `id` first. False when the payload is
/// not one that we wrote; `fields` is then empty. Unknown field numbers are skipped. The
/// fields are views into `record` and `id`.
bool decode_fields(const SpooledRecord& record, const std::string& id, std::vector<FieldValue>& fields);

// A temporary would be gone before the fields are looked at.
bool decode_fields(const SpooledRecord& record, std::string&& id, std::vector<FieldValue>& fields) = delete;

}  // namespace portvakt::logs
