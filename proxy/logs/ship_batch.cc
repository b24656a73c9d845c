#include "proxy/logs/ship_batch.h"

#include "proxy/logs/redis_command.h"

namespace portvakt::logs {
namespace {

// KEYS: the streams of requests and of consents, the hash of marks. ARGV: producer, the sequence that the
// batch follows, then for each record its sequence, its kind, how many strings follow, and its names and
// values. What could fail halfway is looked at before the first write, because Redis does not undo a script.
// Sequences stay below 2^53, so Lua's numbers hold them.
constexpr std::string_view kScript = R"(
local mark = tonumber(redis.call('HGET', KEYS[3], ARGV[1]) or '0')
if mark < tonumber(ARGV[2]) then return mark end
for i = 1, 2 do
  local kind = redis.call('TYPE', KEYS[i]).ok
  if kind ~= 'none' and kind ~= 'stream' then
    return redis.error_reply('WRONGTYPE a stream was expected')
  end
end
local at, last, stored = 3, #ARGV, mark
while at <= last do
  local sequence, count = tonumber(ARGV[at]), tonumber(ARGV[at + 2])
  if sequence > stored then
    local stream = ARGV[at + 1] == 'c' and KEYS[2] or KEYS[1]
    redis.call('XADD', stream, '*', unpack(ARGV, at + 3, at + 2 + count))
    stored = sequence
  end
  at = at + 3 + count
end
if stored > mark then redis.call('HSET', KEYS[3], ARGV[1], string.format('%.0f', stored)) end
return stored
)";

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
  append_argument(body_, record.kind == RecordKind::Consent ? "c" : "a");
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
                      std::string& out) const {
  append_array_head(out, 8 + arguments_);
  for (const std::string_view word : {std::string_view("EVALSHA"), script_digest, std::string_view("3")}) {
    append_argument(out, word);
  }
  append_argument(out, keys.requests);
  append_argument(out, keys.consents);
  append_argument(out, keys.sent);
  append_argument(out, producer);
  append_argument(out, std::to_string(after_));
  out += body_;
}

}  // namespace portvakt::logs
