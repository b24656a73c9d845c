#include "proxy/logs/subjects/erasure_scripts.h"

namespace portvakt::logs {

std::string_view order_script() {
  return R"(
local standing = tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or '0')
if standing >= tonumber(ARGV[2]) then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1])
redis.call('XADD', KEYS[3], '*', 'id', ARGV[4], 't', ARGV[3], 'site', ARGV[5], 'subject', ARGV[1],
           'before', ARGV[2])
redis.call('XADD', KEYS[4], 'MAXLEN', '~', ARGV[7], '*', 't', ARGV[3], 'what', 'erase-ordered',
           'by', ARGV[6], 'rows', '0')
return 1
)";
}

// The index's newest field first, then those that were moved. What stays (younger than the order) is written
// back, so that a field goes when nothing of it stays.
std::string_view hide_script() {
  return R"(
local subject, before = ARGV[1], tonumber(ARGV[2])
if before > tonumber(redis.call('HGET', KEYS[1], subject) or '0') then
  redis.call('HSET', KEYS[1], subject, ARGV[2])
end
local taken, budget = 0, 2000
local function older(fields)
  for i = 1, #fields, 2 do
    if fields[i] == 't' then return tonumber(fields[i + 1]) < before end
  end
  return true
end
local function keep_receipt(entry, fields)
  local kept = {'at', entry}
  for i = 1, #fields, 2 do
    if fields[i] ~= 'visitor' then
      kept[#kept + 1] = fields[i]
      kept[#kept + 1] = fields[i + 1]
    end
  end
  redis.call('XADD', KEYS[5], '*', unpack(kept))
end
local function take(field)
  local held, stay = redis.call('HGET', KEYS[2], field), ''
  if not held then return end
  for at = 1, #held, 10 do
    local piece = string.sub(held, at, at + 9)
    local ms, count = struct.unpack('>I6I4', piece)
    if ms == 0 then
      if field == subject then stay = stay .. piece end
    else
      local entry = string.format('%.0f-%.0f', ms, count)
      local found = redis.call('XRANGE', KEYS[3], entry, entry)
      if #found == 1 and not older(found[1][2]) then
        stay = stay .. piece
      elseif #found == 1 then
        if KEYS[5] then keep_receipt(entry, found[1][2]) end
        redis.call('XDEL', KEYS[3], entry)
        redis.call('XDEL', KEYS[4], entry)
        taken = taken + 1
      end
      budget = budget - 1
    end
  end
  if stay == '' then redis.call('HDEL', KEYS[2], field) else redis.call('HSET', KEYS[2], field, stay) end
end
local newest = redis.call('HGET', KEYS[2], subject)
if not newest then return 0 end
local moved = 0
if string.sub(newest, 1, 6) == '\0\0\0\0\0\0' then moved = struct.unpack('>I4', string.sub(newest, 7, 10)) end
local more = false
for i = 1, moved do
  if budget <= 0 then
    more = true
    break
  end
  if redis.call('HEXISTS', KEYS[2], subject .. ':' .. i) == 1 then take(subject .. ':' .. i) end
end
if not more then
  take(subject)
  local left = redis.call('HGET', KEYS[2], subject)
  if left and #left == 10 and string.sub(left, 1, 6) == '\0\0\0\0\0\0' then
    local some = false
    for i = 1, moved do some = some or redis.call('HEXISTS', KEYS[2], subject .. ':' .. i) == 1 end
    if not some then redis.call('HDEL', KEYS[2], subject) end
  end
end
if taken > 0 then redis.call('HINCRBY', KEYS[1], 'rewrite:' .. ARGV[3], 1) end
if more then return -1 - taken end
return taken
)";
}

std::string_view begin_rewrite_script() {
  return R"(
local wish = tonumber(redis.call('HGET', KEYS[1], 'rewrite:' .. ARGV[1]) or '0')
if wish == 0 then return 0 end
redis.call('UNLINK', KEYS[3])
if redis.call('EXISTS', KEYS[2]) == 0 then
  redis.call('HDEL', KEYS[1], 'rewrite:' .. ARGV[1])
  return 0
end
redis.call('XGROUP', 'CREATE', KEYS[3], 'making', '0', 'MKSTREAM')
redis.call('XGROUP', 'DESTROY', KEYS[3], 'making')
return wish
)";
}

std::string_view rewrite_script() {
  return R"(
if redis.call('EXISTS', KEYS[3]) == 0 or redis.call('EXISTS', KEYS[2]) == 0 then return 0 end
local function facts(reply)
  local named = {}
  for i = 1, #reply, 2 do named[reply[i]] = reply[i + 1] end
  return named
end
local at = facts(redis.call('XINFO', 'STREAM', KEYS[3]))['last-generated-id']
local limit = tonumber(ARGV[3])
local entries = redis.call('XRANGE', KEYS[2], at == '0-0' and '-' or '(' .. at, '+', 'COUNT', limit)
for i = 1, #entries do redis.call('XADD', KEYS[3], entries[i][1], unpack(entries[i][2])) end
if #entries == limit then return 1 end

local old = facts(redis.call('XINFO', 'STREAM', KEYS[2]))
redis.call('XSETID', KEYS[3], old['last-generated-id'], 'ENTRIESADDED', old['entries-added'],
           'MAXDELETEDID', old['max-deleted-entry-id'])
local groups = redis.call('XINFO', 'GROUPS', KEYS[2])
for i = 1, #groups do
  local group = facts(groups[i])
  local name, from = group['name'], '-'
  redis.call('XGROUP', 'CREATE', KEYS[3], name, group['last-delivered-id'], 'ENTRIESREAD',
             group['entries-read'] or -1)
  local consumers = redis.call('XINFO', 'CONSUMERS', KEYS[2], name)
  for c = 1, #consumers do redis.call('XGROUP', 'CREATECONSUMER', KEYS[3], name, facts(consumers[c])['name']) end
  while true do
    local waiting = redis.call('XPENDING', KEYS[2], name, from, '+', 1000)
    if #waiting == 0 then break end
    for w = 1, #waiting do
      local one = waiting[w]
      redis.call('XCLAIM', KEYS[3], name, one[2], 0, one[1], 'IDLE', one[3], 'RETRYCOUNT', one[4], 'FORCE',
                 'JUSTID')
    end
    from = '(' .. waiting[#waiting][1]
  end
end
redis.call('RENAME', KEYS[3], KEYS[2])
local flag = 'rewrite:' .. ARGV[1]
if redis.call('HGET', KEYS[1], flag) == ARGV[2] then redis.call('HDEL', KEYS[1], flag) end
return 0
)";
}

}  // namespace portvakt::logs
