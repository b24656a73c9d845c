#include "proxy/logs/subjects/order_pruning.h"

#include <vector>

#include "proxy/base/ascii.h"
#include "proxy/logs/redis/redis_ask.h"
#include "proxy/logs/redis/redis_command.h"
#include "proxy/logs/redis/ship_keys.h"
#include "proxy/logs/subjects/subject_store.h"

namespace portvakt::logs {
namespace {

/// The fields of a hash of times that are older than `first`.
tl::expected<std::vector<std::string>, RedisFault> older_fields(RedisClient& client, const std::string& key,
                                                                std::uint64_t first) {
  const auto all = ask(client, {"HGETALL", key});
  if (!all) return tl::unexpected(all.error());
  std::vector<std::string> older;
  for (std::size_t i = 0; i + 1 < all->items.size(); i += 2) {
    if (ascii::parse_uint(all->items[i + 1].text).value_or(first) < first)
      older.push_back(all->items[i].text);
  }
  return older;
}

tl::expected<void, RedisFault> drop_fields(RedisClient& client, const std::string& key,
                                           const std::vector<std::string>& fields) {
  std::string commands;
  for (const auto& field : fields) append_command(commands, {"HDEL", key, field});
  if (auto done = ask_all(client, commands, fields.size()); !done) return tl::unexpected(done.error());
  return {};
}

}  // namespace

tl::expected<void, RedisFault> prune_orders(RedisClient& client, const std::string& prefix,
                                            const std::string& site, WallTime first) {
  const auto time = static_cast<std::uint64_t>(first.time_since_epoch().count());
  const auto trimmed =
      ask(client, {"XTRIM", site_key(prefix, site, "erasures"), "MINID", std::to_string(time)});
  if (!trimmed) return tl::unexpected(trimmed.error());
  const std::string orders = site_key(prefix, site, "orders");
  const auto stood = older_fields(client, orders, time);
  if (!stood) return tl::unexpected(stood.error());
  if (auto dropped = drop_fields(client, orders, *stood); !dropped) return dropped;

  const std::string restricted = site_key(prefix, site, "restricted");
  const auto subjects = older_fields(client, restricted, time);
  if (!subjects) return tl::unexpected(subjects.error());
  SubjectStore store(client, prefix);
  std::vector<std::string> empty;
  for (const auto& subject : *subjects) {
    const auto rows = store.read(site, subject, [](SubjectRow&&) { return false; });
    if (!rows) return tl::unexpected(rows.error());
    if (*rows == 0) empty.push_back(subject);
  }
  return drop_fields(client, restricted, empty);
}

}  // namespace portvakt::logs
