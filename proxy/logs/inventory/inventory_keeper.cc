#include "proxy/logs/inventory/inventory_keeper.h"

#include <algorithm>

#include "proxy/logs/inventory/inventory_text.h"
#include "proxy/logs/redis/redis_call.h"

namespace portvakt::logs {
namespace {

using filters::SeenItem;
using filters::SiteInventory;

constexpr RedisClient::Timeouts kTimeouts{std::chrono::seconds{1}, std::chrono::seconds{3}};

// KEYS: the hash. ARGV: most names, field, the item as JSON, its count and held count by themselves. Adds to
// what is there; a name too many is left out.
constexpr std::string_view kMerge = R"(
local old = redis.call('HGET', KEYS[1], ARGV[2])
local item = cjson.decode(ARGV[3])
if old then
  old = cjson.decode(old)
  item.count = item.count + old.count
  item.held = item.held + old.held
  item.first = math.min(item.first, old.first)
  item.last = math.max(item.last, old.last)
  if old.example ~= '' then item.example = old.example end
  if item.lifetime < 0 then item.lifetime = old.lifetime end
elseif redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[1]) then
  return 0
end
for _, name in ipairs({'count', 'held', 'first', 'last', 'lifetime'}) do
  item[name] = string.format('%.0f', item[name])
end
local text = '{'
for i, name in ipairs({'count', 'held', 'first', 'last', 'lifetime'}) do
  text = text .. (i > 1 and ',' or '') .. '"' .. name .. '":' .. item[name]
end
for _, name in ipairs({'kind', 'name', 'vendor', 'purpose', 'example'}) do
  text = text .. ',"' .. name .. '":' .. cjson.encode(item[name])
end
redis.call('HSET', KEYS[1], ARGV[2], text .. '}')
return 1
)";

void add_to(SeenItem& known, const SeenItem& more) {
  known.first = std::min(known.first, more.first);
  known.last = std::max(known.last, more.last);
  known.count += more.count;
  known.held += more.held;
  known.vendor = more.vendor;
  known.purpose = more.purpose;
  if (more.lifetime != filters::kUnknownLifetime) known.lifetime = more.lifetime;
  if (known.example.empty()) known.example = more.example;
}

bool is_unknown_cookie(const SeenItem& item) {
  return item.kind == filters::SeenKind::Cookie && item.purpose.empty();
}

template <typename Names>
bool has_room_for_unknown(const Names& names) {
  const auto unknown =
      std::ranges::count_if(names, [](const auto& one) { return is_unknown_cookie(one.second); });
  return static_cast<std::size_t>(unknown) < InventoryKeeper::kMaxUnknownCookies;
}

template <typename Names>
void add_item(Names& names, const SeenItem& item, std::size_t most) {
  const typename Names::key_type key(item.kind, item.name);
  const auto found = names.find(key);
  if (found != names.end()) {
    add_to(found->second, item);
  } else if (names.size() < most && (!is_unknown_cookie(item) || has_room_for_unknown(names))) {
    names.emplace(key, item);
  }
}

}  // namespace

/// A connection by the settings of its time.
class InventoryKeeper::Link {
 public:
  Link(InventorySettings settings, const StopSignal& stop) : settings_(std::move(settings)) {
    if (settings_.redis) client_.emplace(*settings_.redis, kTimeouts, stop);
  }
  const InventorySettings& settings() const { return settings_; }
  bool open() const { return client_.has_value(); }
  void close() { client_->disconnect(); }

  bool send(const std::string& site, const SeenItem& item) {
    return redis_call(*client_, {"EVAL", kMerge, "1", key(site), std::to_string(kMaxNames), field_of(item),
                                 item_text(item)})
        .has_value();
  }
  std::optional<SiteInventory> read(const std::string& site) {
    const auto reply = redis_call(*client_, {"HGETALL", key(site)});
    if (!reply) return std::nullopt;
    SiteInventory items;
    const auto forgotten = SystemClock().wall() - kForgetAfter;
    for (std::size_t i = 1; i < reply->items.size() && items.size() < kMaxNames; i += 2) {
      auto item = parse_item(reply->items[i].text);
      if (item && item->last >= forgotten) {
        items.push_back(std::move(*item));
      } else if (!redis_call(*client_, {"HDEL", key(site), reply->items[i - 1].text})) {
        return std::nullopt;
      }
    }
    return items;
  }

 private:
  std::string key(const std::string& site) const { return settings_.prefix + ":{" + site + "}:inventory"; }
  InventorySettings settings_;
  std::optional<RedisClient> client_;
};

InventoryKeeper::InventoryKeeper(InventorySettings settings)
    : settings_(std::move(settings)), thread_([this] { serve(); }) {}

InventoryKeeper::~InventoryKeeper() {
  stop();
}

void InventoryKeeper::add(filters::SeenBySite seen) {
  {
    const std::lock_guard lock(mutex_);
    for (auto& [site, items] : seen) {
      auto& waiting = fresh_[site];
      if (waiting.size() > 4 * kMaxNames) continue;  // the thread hangs at Redis: it will hear of them again
      std::ranges::move(items, std::back_inserter(waiting));
    }
  }
  changed_.notify_one();
}

void InventoryKeeper::take(InventorySettings settings) {
  {
    const std::lock_guard lock(mutex_);
    settings_ = std::move(settings);
    ++edition_;
  }
  changed_.notify_one();
}

void InventoryKeeper::stop() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stop_.raise(std::chrono::steady_clock::now() + std::chrono::seconds{2});
  changed_.notify_one();
  thread_.join();
}

void InventoryKeeper::serve() {
  std::unique_lock lock(mutex_);
  auto edition = edition_;
  auto link = std::make_unique<Link>(settings_, stop_);
  auto next_round = std::chrono::steady_clock::now();
  for (bool last = false; !last;) {
    changed_.wait_until(lock, next_round,
                        [&] { return stopping_ || !fresh_.empty() || edition != edition_; });
    last = stopping_;
    if (edition != edition_) {
      edition = edition_;
      link = std::make_unique<Link>(settings_, stop_);
      next_round = std::chrono::steady_clock::now();
    }
    auto seen = std::exchange(fresh_, {});
    lock.unlock();
    merge(*link, std::move(seen));
    if (last || std::chrono::steady_clock::now() >= next_round) {
      exchange(*link);
      next_round = std::chrono::steady_clock::now() + link->settings().round;
    }
    lock.lock();
  }
}

void InventoryKeeper::merge(const Link& link, filters::SeenBySite seen) {
  for (const auto& [site, items] : seen) {
    if (!link.settings().boards.contains(site)) continue;
    auto& names = unsent_[site];
    for (const auto& item : items) add_item(names, item, kMaxNames);
    show(link, site);
  }
}

/// What Redis had, and what has come since.
void InventoryKeeper::show(const Link& link, const std::string& site) {
  Names all = stored_[site];
  for (const auto& [key, item] : unsent_[site]) add_item(all, item, kMaxNames);
  SiteInventory items;
  for (auto& [key, item] : all) items.push_back(std::move(item));
  link.settings().boards.at(site)->put(std::move(items));
}

void InventoryKeeper::exchange(Link& link) {
  if (!link.open()) return;
  for (const auto& [site, board] : link.settings().boards) {
    auto& names = unsent_[site];
    while (!names.empty()) {
      if (!link.send(site, names.begin()->second)) return link.close();
      // Redis may have it although its answer was lost; a count too many is no harm here.
      add_item(stored_[site], names.begin()->second, kMaxNames);
      names.erase(names.begin());
    }
    const auto items = link.read(site);
    if (!items) return link.close();
    Names fresh;
    for (const auto& item : *items) add_item(fresh, item, kMaxNames);
    stored_[site] = std::move(fresh);
    show(link, site);
  }
}

}  // namespace portvakt::logs
