#include "proxy/logs/records/record_field.h"

#include <algorithm>
#include <array>

#include "proxy/logs/records/access_record.h"
#include "proxy/logs/records/consent_record.h"
#include "proxy/logs/records/erasure_record.h"
#include "proxy/logs/records/event_record.h"

namespace portvakt::logs {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD
constexpr std::size_t kMaxFields = 32;

bool is_plain(char c) {
  return c >= 0x20 && c < 0x7f;
}
bool is_continuation(unsigned char c) {
  return (c & 0xC0U) == 0x80U;
}

/// The length of the well-formed UTF-8 sequence at the start of `text` (Unicode table 3-7), 0 if there is
/// none. The C1 controls count as ill-formed here: terminals obey U+009B as they obey ESC [.
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const unsigned first = byte(0), second = byte(1);
  if (!is_continuation(static_cast<unsigned char>(second))) return 0;
  if (first >= 0xC2 && first <= 0xDF) return first == 0xC2 && second < 0xA0 ? 0 : 2;
  if (!is_continuation(static_cast<unsigned char>(byte(2)))) return 0;
  if (first >= 0xE0 && first <= 0xEF) {
    const bool overlong = first == 0xE0 && second < 0xA0;
    const bool surrogate = first == 0xED && second >= 0xA0;
    return overlong || surrogate ? 0 : 3;
  }
  if (first < 0xF0 || first > 0xF4 || !is_continuation(static_cast<unsigned char>(byte(3)))) return 0;
  const bool overlong = first == 0xF0 && second < 0x90;
  const bool too_high = first == 0xF4 && second >= 0x90;
  return overlong || too_high ? 0 : 4;
}

std::string made_safe(std::string_view value, std::size_t limit) {
  std::string safe;
  while (!value.empty()) {
    const std::size_t length = is_plain(value[0]) ? 1 : sequence_length(value);
    const std::string_view piece = length == 0 ? kReplacement : value.substr(0, length);
    if (safe.size() + piece.size() > limit) break;
    safe += piece;
    value.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return safe;
}

void append_raw(std::string& payload, std::size_t index, std::string_view value) {
  payload += static_cast<char>(index);
  if (value.size() >= 0x80) payload += static_cast<char>((value.size() & 0x7F) | 0x80);
  payload += static_cast<char>(value.size() >= 0x80 ? value.size() >> 7 : value.size());
  payload += value;
}

/// Takes one field off the front of `payload`; false if it is cut short.
bool take_field(std::string_view& payload, std::size_t& index, std::string_view& value) {
  if (payload.size() < 2) return false;
  index = static_cast<unsigned char>(payload[0]);
  std::size_t length = static_cast<unsigned char>(payload[1]);
  std::size_t head = 2;
  if (length >= 0x80) {
    if (payload.size() < 3) return false;
    length = (length & 0x7F) | static_cast<std::size_t>(static_cast<unsigned char>(payload[2])) << 7;
    head = 3;
  }
  if (payload.size() - head < length) return false;
  value = payload.substr(head, length);
  payload.remove_prefix(head + length);
  return true;
}

/// The values in their table places; false if the payload is malformed.
bool read_values(std::string_view payload, std::array<std::string_view, kMaxFields>& values) {
  while (!payload.empty()) {
    std::size_t index = 0;
    std::string_view value;
    if (!take_field(payload, index, value)) return false;
    if (index < kMaxFields) values[index] = value;
  }
  return true;
}

template <typename Record>
void list_fields(std::span<const RecordField<Record>> table, const SpooledRecord& record, std::string_view id,
                 const std::array<std::string_view, kMaxFields>& values, std::vector<FieldValue>& fields) {
  for (std::size_t i = 0; i < table.size(); ++i) {
    std::string_view value = values[i];
    if (!table[i].text) value = table[i].name == "id" ? id : record.site;
    if (!value.empty()) fields.push_back({table[i].name, value});
  }
}

}  // namespace

void append_field(std::string& payload, std::size_t index, std::string_view value, std::size_t limit) {
  if (value.empty()) return;
  limit = std::min(limit, kMaxFieldBytes);
  if (value.size() <= limit && std::ranges::all_of(value, is_plain)) return append_raw(payload, index, value);
  append_raw(payload, index, made_safe(value, limit));
}

bool decode_fields(const SpooledRecord& record, const std::string& id, std::vector<FieldValue>& fields) {
  fields.clear();
  std::array<std::string_view, kMaxFields> values;
  if (!read_values(record.payload, values)) return false;
  switch (record.kind) {
    case RecordKind::Access:
      list_fields(access_fields(), record, id, values, fields);
      return true;
    case RecordKind::Consent:
      list_fields(consent_fields(), record, id, values, fields);
      return true;
    case RecordKind::Event:
      list_fields(event_fields(), record, id, values, fields);
      return true;
    case RecordKind::Erasure:
      list_fields(erasure_fields(), record, id, values, fields);
      return true;
  }
  return false;
}

}  // namespace portvakt::logs
