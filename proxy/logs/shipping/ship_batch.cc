#include "proxy/logs/shipping/ship_batch.h"

#include <algorithm>

#include "proxy/logs/records/subject.h"
#include "proxy/logs/redis/redis_command.h"

namespace portvakt::logs {
namespace {

// KEYS: the hash of marks, the hash of standing erasures, then each stream followed by its index. ARGV:
// producer, the sequence that the batch follows, the new end of the producer's receipt chain (empty: as it
// was), then for each record its sequence, the place of its stream among the keys, its subject (empty:
// nobody's), how many strings follow, and its names and values, which begin with `id` and `t`. What could
// fail halfway is looked at before the first write, because Redis does not undo a script. Sequences stay
// below 2^53, so Lua's numbers hold them.
//
// The index is visitor_index.h's. A record that a standing erasure covers is counted and not stored; a
// receipt is stored without its visitor, so that the chain stays whole.
constexpr std::string_view kScript = R"(
local mark = tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or '0')
if mark < tonumber(ARGV[2]) then return mark end
for i = 2, #KEYS do
  local kind, want = redis.call('TYPE', KEYS[i]).ok, i % 2 == 0 and 'hash' or 'stream'
  if kind ~= 'none' and kind ~= want then
    return redis.error_reply('WRONGTYPE a ' .. want .. ' was expected')
  end
end
local ordered = redis.call('EXISTS', KEYS[2]) == 1
local function erased(subject, time)
  local before = redis.call('HGET', KEYS[2], subject)
  if not before or time >= tonumber(before) then return false end
  redis.call('HINCRBY', KEYS[2], 'dropped', 1)
  return true
end
local function stripped(first, final)
  local fields = {}
  for i = first, final, 2 do
    if ARGV[i] ~= 'visitor' then
      fields[#fields + 1] = ARGV[i]
      fields[#fields + 1] = ARGV[i + 1]
    end
  end
  return fields
end
local function index(key, subject, entry)
  local held = redis.call('HGET', key, subject) or ''
  if #held >= 4000 then
    local full = 1
    if string.sub(held, 1, 6) == '\0\0\0\0\0\0' then full = struct.unpack('>I4', string.sub(held, 7, 10)) + 1 end
    redis.call('HSET', key, subject .. ':' .. full, held)
    held = struct.pack('>I6I4', 0, full)
  end
  local ms, count = string.match(entry, '(%d+)-(%d+)')
  redis.call('HSET', key, subject, held .. struct.pack('>I6I4', tonumber(ms), tonumber(count)))
end
local at, last, stored = 4, #ARGV, mark
while at <= last do
  local sequence, subject, count = tonumber(ARGV[at]), ARGV[at + 2], tonumber(ARGV[at + 3])
  if sequence > stored then
    local place, first, final = tonumber(ARGV[at + 1]), at + 4, at + 3 + count
    if ordered and subject ~= '' and erased(subject, tonumber(ARGV[first + 3])) then
      if place == 5 then redis.call('XADD', KEYS[place], '*', unpack(stripped(first, final))) end
    else
      local entry = redis.call('XADD', KEYS[place], '*', unpack(ARGV, first, final))
      if subject ~= '' then index(KEYS[place + 1], subject, entry) end
    end
    stored = sequence
  end
  at = at + 4 + count
end
if stored > mark then
  redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f', stored))
  if ARGV[3] ~= '' then redis.call('HSET', KEYS[1], ARGV[1] .. ':chain', ARGV[3]) end
end
return stored
)";

/// The keys of a call; the stream of each kind has its place here.
constexpr std::size_t kKeys = 9;

std::string_view stream_place(RecordKind kind) {
  switch (kind) {
    case RecordKind::Access:
      return "3";
    case RecordKind::Consent:
      return "5";
    case RecordKind::Event:
      return "7";
    case RecordKind::Erasure:
      return "9";
  }
  return "3";
}

std::string subject_of_record(const SpooledRecord& record, const std::vector<FieldValue>& fields) {
  const auto visitor = std::ranges::find(fields, "visitor", &FieldValue::name);
  return visitor == fields.end() ? std::string() : subject_of(record.site, visitor->value);
}

}  // namespace

std::string_view batch_script() {
  return kScript;
}

void ShipBatch::start(std::uint64_t after) {
  after_ = after;
  last_ = after;
  records_ = 0;
  arguments_ = 0;
  body_.clear();
}

void ShipBatch::add(const SpooledRecord& record, const std::vector<FieldValue>& fields) {
  append_argument(body_, std::to_string(record.sequence));
  append_argument(body_, stream_place(record.kind));
  append_argument(body_, subject_of_record(record, fields));
  append_argument(body_, std::to_string(2 * fields.size()));
  for (const FieldValue& field : fields) {
    append_argument(body_, field.name);
    append_argument(body_, field.value);
  }
  arguments_ += 4 + 2 * fields.size();
  last_ = record.sequence;
  ++records_;
}

void ShipBatch::write(const DayKeys& keys, std::string_view producer, std::string_view script_digest,
                      std::string_view chain_end, std::string& out) const {
  append_array_head(out, 3 + kKeys + 3 + arguments_);
  append_argument(out, "EVALSHA");
  append_argument(out, script_digest);
  append_argument(out, std::to_string(kKeys));
  const std::string* const used[kKeys] = {&keys.sent,     &keys.orders,         &keys.requests,
                                          &keys.visitors, &keys.consents,       &keys.consent_visitors,
                                          &keys.events,   &keys.event_visitors, &keys.erasures};
  for (const std::string* key : used) append_argument(out, *key);
  append_argument(out, producer);
  append_argument(out, std::to_string(after_));
  append_argument(out, chain_end);
  out += body_;
}

}  // namespace portvakt::logs
