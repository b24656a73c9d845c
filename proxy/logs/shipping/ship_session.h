// The shipper's dealings with one Redis: connects, asks for the marks, carries windows of records, drops old
// days. The marks known belong to the present connection; after any fault it begins anew from the oldest
// record held, and the marks tell what is stored already. Used by the shipper's thread alone.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "proxy/logs/records/receipt_chain.h"
#include "proxy/logs/redis/redis_client.h"
#include "proxy/logs/redis/replica_watch.h"
#include "proxy/logs/shipping/redis_shipper.h"
#include "proxy/logs/shipping/ship_batch.h"
#include "proxy/logs/shipping/steady_calendar.h"
#include "proxy/logs/spool/spool_reader.h"

namespace portvakt::logs {

class ShipSession {
 public:
  /// All references outlive the session.
  ShipSession(Spool& spool, const ShipperSettings& settings, const Clock& clock, const StopSignal& stop,
              ShipperCounters& counters);

  /// One round over all producers, on a connection made if need be. True: records moved, there may be more.
  tl::expected<bool, RedisFault> step();
  /// After a fault: everything from the beginning.
  void reset();

 private:
  /// What Redis holds of one producer, site and day.
  struct Mark {
    std::uint64_t sequence = 0;
    ChainEnd chain;
  };
  /// A window's records for one site and day.
  struct Group {
    std::string_view site;
    std::int64_t day = 0;
    std::vector<const SpooledRecord*> records;
    Mark mark;
  };
  using MarkKey = std::tuple<std::string, std::int64_t, std::size_t>;  // site, day, producer

  tl::expected<void, RedisFault> begin();
  tl::expected<bool, RedisFault> ship_window(std::size_t producer);
  void group_records(std::size_t producer);
  tl::expected<void, RedisFault> fetch_marks(std::size_t producer);
  void note_missing(std::size_t producer);
  void write_batches(std::size_t producer);
  void write_group(std::size_t producer, const Group& group);
  /// Puts a receipt's chain field behind its others; `text` holds it.
  void chain_receipt(const ChainScope& scope, ChainEnd& end, std::string& text);
  tl::expected<void, RedisFault> send_batches();
  void finish_window(std::size_t producer);
  tl::expected<void, RedisFault> keep_retention();
  tl::expected<WallTime, RedisFault> agreed_time();
  tl::expected<void, RedisFault> look_if_due();

  const ShipperSettings& settings_;
  const Clock& clock_;
  ShipperCounters& counters_;
  SpoolReader reader_;
  RedisClient client_;
  std::string script_digest_;
  ReceiptChain chain_;
  std::map<MarkKey, Mark> marks_;
  std::vector<std::uint64_t> counted_;  // per producer: delivered counts up to here
  std::set<std::string, std::less<>> sites_;
  std::optional<SteadyTime> retention_done_;
  SteadyCalendar days_;       // for what is filed
  SteadyCalendar last_days_;  // for what is dropped, which cannot be undone
  ReplicaWatch replicas_;
  SteadyTime looked_{};  // real time

  // Of the window in hand; members so that their memory is reused.
  std::vector<SpooledRecord> window_;
  std::vector<Group> groups_;
  std::vector<FieldValue> fields_;
  ShipBatch batch_;
  std::string commands_;
  std::vector<std::uint64_t> expected_;  // the mark that each batch must answer with
};

}  // namespace portvakt::logs
