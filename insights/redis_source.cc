#include "insights/redis_source.h"

#include "insights/store.h"
#include "proxy/logs/redis/redis_command.h"
#include "proxy/logs/redis/ship_keys.h"

namespace portvakt::insights {
namespace {

using logs::RedisReply;

constexpr logs::RedisClient::Timeouts kTimeouts{std::chrono::seconds{3}, std::chrono::seconds{10}};

tl::unexpected<Error> broken(logs::RedisFault fault) {
  return failure(ErrorKind::Io, "Redis: " + std::string(logs::fault_text(fault)));
}

constexpr std::size_t kMaxInventory = 5000;
/// The inventory is looked at every so many polls.
constexpr std::size_t kInventoryPolls = 15;

/// One entry of XRANGE's answer: its id, then names and values by turns. False: it has another shape.
bool read_entry(const RedisReply& entry, SourceRecord& record) {
  if (entry.items.size() != 2 || entry.items[1].items.size() % 2 != 0) return false;
  const auto& texts = entry.items[1].items;
  for (std::size_t i = 0; i < texts.size(); i += 2)
    record.fields.emplace_back(texts[i].text, texts[i + 1].text);
  return true;
}

}  // namespace

RedisSource::RedisSource(RedisSourceSettings settings, const logs::StopSignal& stop)
    : settings_(std::move(settings)), stop_(stop), client_(settings_.redis, kTimeouts, stop) {}

Result<RedisReply> RedisSource::ask(std::initializer_list<std::string_view> command) {
  std::string bytes;
  logs::append_command(bytes, command);
  auto replies = client_.exchange(bytes, 1);
  if (!replies) return broken(replies.error());
  if (replies->front().is_error()) return broken(replies->front().fault());
  return std::move(replies->front());
}

Result<std::vector<RedisSource::Stream>> RedisSource::find_streams() {
  std::vector<Stream> streams;
  for (const auto& site : settings_.sites) {
    // First: what is erased need not be read at all.
    streams.push_back(
        {logs::site_key(settings_.prefix, site, "erasures"), site + ":erasures", logs::RecordKind::Erasure});
    const auto days = ask({"ZRANGE", logs::days_key(settings_.prefix, site), "0", "-1"});
    if (!days) return tl::unexpected(days.error());
    for (const auto& day : days->items) {
      if (!logs::is_day_text(day.text)) continue;
      const auto keys = logs::day_keys(settings_.prefix, site, day.text);
      const std::string name = site + "/" + day.text;
      streams.push_back({keys.requests, name + ":requests", logs::RecordKind::Access});
      streams.push_back({keys.consents, name + ":consents", logs::RecordKind::Consent});
      streams.push_back({keys.events, name + ":events", logs::RecordKind::Event});
    }
  }
  return streams;
}

Result<std::size_t> RedisSource::read_stream(const Stream& stream, Store& store) {
  std::size_t taken = 0;
  const std::string count = std::to_string(kBatchRecords);
  while (!stop_.raised()) {
    const auto position = store.position(stream.name);
    if (!position) return tl::unexpected(position.error());
    const std::string from = position->empty() ? "-" : "(" + *position;
    const auto entries = ask({"XRANGE", stream.key, from, "+", "COUNT", count});
    if (!entries) return tl::unexpected(entries.error());
    if (entries->items.empty()) break;
    RecordBatch batch{stream.name, *position, {}, {}};
    for (const auto& entry : entries->items) {
      SourceRecord record{stream.kind, {}};
      if (!read_entry(entry, record)) return broken(logs::RedisFault::Protocol);
      batch.records.push_back(std::move(record));
      batch.up_to = entry.items[0].text;
    }
    const auto stored = store.take(batch);
    if (!stored) return stored;
    taken += *stored;
    if (entries->items.size() < kBatchRecords) break;
  }
  return taken;
}

Result<void> RedisSource::read_restricted(Store& store, const std::string& site) {
  const auto reply = ask({"HGETALL", logs::site_key(settings_.prefix, site, "restricted")});
  if (!reply) return tl::unexpected(reply.error());
  std::vector<std::string> subjects;
  for (std::size_t i = 0; i < reply->items.size(); i += 2) subjects.push_back(reply->items[i].text);
  return store.restrict(site, subjects);
}

Result<void> RedisSource::read_inventory(Store& store, const std::string& site) {
  const auto reply = ask({"HGETALL", logs::site_key(settings_.prefix, site, "inventory")});
  if (!reply) return tl::unexpected(reply.error());
  std::vector<InventoryItem> items;
  for (std::size_t i = 0; i + 1 < reply->items.size() && items.size() < kMaxInventory; i += 2)
    items.push_back(insights::read_inventory(reply->items[i].text, reply->items[i + 1].text));
  return store.store_inventory(site, items);
}

Result<std::size_t> RedisSource::poll(Store& store) {
  if (!client_.connected()) {
    if (const auto connected = client_.connect(); !connected) return broken(connected.error());
  }
  const auto streams = find_streams();
  if (!streams) return tl::unexpected(streams.error());
  std::size_t taken = 0;
  for (const auto& stream : *streams) {
    const auto read = read_stream(stream, store);
    if (!read) return read;
    taken += *read;
  }
  for (const auto& site : settings_.sites) {
    if (auto read = read_restricted(store, site); !read) return tl::unexpected(read.error());
    if (polls_ % kInventoryPolls != 0) continue;
    if (auto read = read_inventory(store, site); !read) return tl::unexpected(read.error());
  }
  ++polls_;
  return taken;
}

}  // namespace portvakt::insights
