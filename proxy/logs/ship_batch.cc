#include "proxy/logs/ship_batch.h"

#include "proxy/logs/redis_command.h"

namespace portvakt::logs {
namespace {

// KEYS: the hash of marks, then the streams. ARGV: producer, the sequence that the batch follows, the new end
// of the producer's receipt chain (empty: as it was), then for each record its sequence, the place of its
// stream among the keys, how many strings follow, and its names and values. What could fail halfway is looked
// at before the first write, because Redis does not undo a script. Sequences stay below 2^53, so Lua's
// numbers hold them.
constexpr std::string_view kScript = R"(
local mark = tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or '0')
if mark < tonumber(ARGV[2]) then return mark end
for i = 2, #KEYS do
  local kind = redis.call('TYPE', KEYS[i]).ok
  if kind ~= 'none' and kind ~= 'stream' then
    return redis.error_reply('WRONGTYPE a stream was expected')
  end
end
local at, last, stored = 4, #ARGV, mark
while at <= last do
  local sequence, count = tonumber(ARGV[at]), tonumber(ARGV[at + 2])
  if sequence > stored then
    redis.call('XADD', KEYS[tonumber(ARGV[at + 1])], '*', unpack(ARGV, at + 3, at + 2 + count))
    stored = sequence
  end
  at = at + 3 + count
end
if stored > mark then
  redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f', stored))
  if ARGV[3] ~= '' then redis.call('HSET', KEYS[1], ARGV[1] .. ':chain', ARGV[3]) end
end
return stored
)";

/// The keys of a call; the stream of each kind has its place here.
constexpr std::string_view kKeyCount = "4";

std::string_view stream_place(RecordKind kind) {
  switch (kind) {
    case RecordKind::Access:
      return "2";
    case RecordKind::Consent:
      return "3";
    case RecordKind::Event:
      return "4";
  }
  return "2";
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
  append_argument(body_, std::to_string(2 * fields.size()));
  for (const FieldValue& field : fields) {
    append_argument(body_, field.name);
    append_argument(body_, field.value);
  }
  arguments_ += 3 + 2 * fields.size();
  last_ = record.sequence;
  ++records_;
}

void ShipBatch::write(const DayKeys& keys, std::string_view producer, std::string_view script_digest,
                      std::string_view chain_end, std::string& out) const {
  append_array_head(out, 10 + arguments_);
  for (const std::string_view word : {std::string_view("EVALSHA"), script_digest, kKeyCount}) {
    append_argument(out, word);
  }
  append_argument(out, keys.sent);
  append_argument(out, keys.requests);
  append_argument(out, keys.consents);
  append_argument(out, keys.events);
  append_argument(out, producer);
  append_argument(out, std::to_string(after_));
  append_argument(out, chain_end);
  out += body_;
}

}  // namespace portvakt::logs
