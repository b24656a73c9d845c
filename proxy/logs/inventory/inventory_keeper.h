// Gathers what all workers have seen, keeps it in Redis together with what other edges saw, and puts the
// whole picture on the board. One thread with a Redis connection of its own; without Redis the picture is
// this process's alone. Nothing waits for it: what Redis does not take goes along with the next round, and a
// site's names are bounded here and there.
//
// Redis: hash `PREFIX:{SITE}:inventory`, field `host:NAME`, `cookie:NAME` or `storage:NAME`, value JSON with
// `kind name vendor purpose first last count held lifetime example` (times in ms since 1970).
#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "filters/inventory_tally.h"
#include "proxy/base/counters.h"
#include "proxy/logs/redis/redis_url.h"
#include "proxy/logs/redis/stop_signal.h"

namespace portvakt::logs {

struct InventorySettings {
  std::optional<RedisUrl> redis;
  std::string prefix = "portvakt";
  std::map<std::string, filters::InventoryBoard*> boards;  // by site; they outlive the keeper
  std::chrono::milliseconds round{10'000};                 // between two exchanges with Redis
};

class InventoryKeeper {
 public:
  static constexpr std::size_t kMaxNames = 1000;  // of one site
  /// Of them, cookies that no rule knows: their names are the visitors' to invent.
  static constexpr std::size_t kMaxUnknownCookies = 200;
  static constexpr std::chrono::days kForgetAfter{180};

  explicit InventoryKeeper(InventorySettings settings);
  ~InventoryKeeper();

  /// What a worker has seen. Any thread.
  void add(filters::SeenBySite seen);
  /// New settings from the next round on. Any thread.
  void take(InventorySettings settings);
  void stop();

 private:
  using Names = std::map<std::pair<filters::SeenKind, std::string>, filters::SeenItem>;
  class Link;
  void serve();
  void merge(const Link& link, filters::SeenBySite seen);
  void show(const Link& link, const std::string& site);
  void exchange(Link& link);

  std::mutex mutex_;
  std::condition_variable changed_;
  InventorySettings settings_;
  std::uint64_t edition_ = 0;
  filters::SeenBySite fresh_;  // handed over, not looked at
  bool stopping_ = false;
  // The thread's own:
  std::map<std::string, Names, std::less<>> unsent_;  // counts that Redis does not have yet
  std::map<std::string, Names, std::less<>> stored_;  // as Redis had it last
  StopSignal stop_;
  std::thread thread_;
};

}  // namespace portvakt::logs
