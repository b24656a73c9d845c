#include "proxy/logs/receipts/receipt_erasure.h"

namespace portvakt::logs {

std::string_view erase_receipts_script() {
  return R"(
local moved = 0
for i = 1, #ARGV do
  local found = redis.call('XRANGE', KEYS[1], ARGV[i], ARGV[i])
  if #found == 1 then
    local fields, kept = found[1][2], {'at', ARGV[i]}
    for at = 1, #fields, 2 do
      if fields[at] ~= 'visitor' then
        kept[#kept + 1] = fields[at]
        kept[#kept + 1] = fields[at + 1]
      end
    end
    redis.call('XADD', KEYS[2], '*', unpack(kept))
    redis.call('XDEL', KEYS[1], ARGV[i])
    moved = moved + 1
  end
end
return moved
)";
}

}  // namespace portvakt::logs
