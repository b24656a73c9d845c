// What Redis holds of one visitor, and what may be done with it: read it, restrict it, have it erased. Works
// with subjects; a visitor id never goes to Redis. Each call waits for its answers on the caller's thread,
// never a worker's. The keys that it keeps for a site, beside those of the days:
//
//   portvakt:{SITE}:restricted  hash    subject → since when (ms) consumers hide its rows
//   portvakt:{SITE}:erasures    stream  `id t site subject before`: the notice to consumers, each acts once
//   portvakt:{SITE}:orders      hash    subject → before: erasures that stand, see standing_orders.h
//   portvakt:{SITE}:erasing     zset    subject by the time of its order: not yet gone, see erasure_job.h
//   portvakt:{SITE}:audit       stream  `t what by rows …`: what was done, when and by whom; names nobody
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "proxy/logs/records/record_field.h"
#include "proxy/logs/redis/redis_client.h"
#include "proxy/logs/redis/ship_keys.h"

namespace portvakt::logs {

/// One record, receipt or event as it lies in a stream.
struct SubjectRow {
  RecordKind kind = RecordKind::Access;
  std::string day;
  std::string entry;  // its id in the stream
  std::vector<std::pair<std::string, std::string>> fields;
  /// Empty when there is no such field.
  std::string_view value(std::string_view name) const;
};

/// Who asked for it, for the audit trail.
enum class Actor : std::uint8_t { Visitor, Operator };
std::string_view actor_name(Actor actor);

class SubjectStore {
 public:
  template <typename T>
  using Answer = tl::expected<T, RedisFault>;
  /// False: enough.
  using RowSink = std::function<bool(SubjectRow&&)>;

  /// The client outlives the store.
  SubjectStore(RedisClient& client, std::string prefix) : client_(client), prefix_(std::move(prefix)) {}

  /// Every row of the subject, oldest day first, then by kind, each kind in order. How many there were.
  Answer<std::size_t> read(std::string_view site, std::string_view subject, const RowSink& sink);

  /// The rows stay and are hidden by consumers, from `now` on.
  Answer<void> restrict(std::string_view site, std::string_view subject, WallTime now, Actor by);
  /// False: it was not restricted.
  Answer<bool> release(std::string_view site, std::string_view subject, WallTime now, Actor by);
  Answer<std::optional<WallTime>> restricted_since(std::string_view site, std::string_view subject);

  /// Enters an erasure of all that is older than `before`: the notice to consumers, the standing order, the
  /// audit trail, in one atomic call. False: as much was ordered already, nothing was entered. `id` is the
  /// notice's, unique for ever. The rows go when an ErasureJob comes by; they are hidden in its first round.
  Answer<bool> order_erasure(std::string_view site, std::string_view subject, std::string_view id,
                             WallTime now, WallTime before, Actor by);

  /// Whose a receipt is; empty when there is no such receipt, or it names nobody. Reads all receipts.
  Answer<std::string> find_receipt(std::string_view site, std::string_view receipt);

  /// The days that exist, oldest first.
  Answer<std::vector<std::string>> days(std::string_view site);
  /// An entry of the audit trail: `what` was done to so many rows.
  Answer<void> note(std::string_view site, std::string_view what, Actor by, WallTime now, std::size_t rows);

 private:
  struct Place {
    RecordKind kind;
    std::string day;
    std::string stream;
    std::string entry;
  };
  Answer<std::vector<Place>> find(std::string_view site, std::string_view subject);
  Answer<bool> read_some(const std::vector<Place>& places, std::size_t from, std::size_t to,
                         const RowSink& sink, std::size_t& count);

  RedisClient& client_;
  const std::string prefix_;
};

}  // namespace portvakt::logs
