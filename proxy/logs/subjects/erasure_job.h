// Carries erasures out: takes over what visitors ordered through the spool, hides the rows at once, writes
// the streams anew that still hold their bytes, has Redis write a new dump and append-only file, and ends an
// erasure only when all of that is seen to be done. Each call to Redis is bounded, so that shipping never
// waits long; every step may be repeated, by this job or another edge's, and what was not finished is found
// in Redis again. For one thread that is not a worker; after a fault, call again. The client and the clock
// outlive it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "proxy/base/clock.h"
#include "proxy/base/counters.h"
#include "proxy/logs/redis/redis_files.h"
#include "proxy/logs/subjects/subject_store.h"

namespace portvakt::logs {

struct ErasureSettings {
  std::string prefix = "portvakt";
  std::vector<std::string> sites;
  /// How long an order stands: as long as an edge may come with records of that time.
  std::chrono::seconds standing = std::chrono::hours{24 * 30};
  /// So long hidden rows may wait for further erasures, before streams and files are written anew for all.
  std::chrono::milliseconds gather = std::chrono::minutes{15};
  /// Ask Redis for a new dump and append-only file; without, its own next ones are waited for.
  bool renew_files = true;
  /// One job of all edges works at a time. Not for a command that waits for its end: all steps bear company.
  bool alone = true;
};

/// Raised by the job, read by anybody.
struct ErasureCounters {
  Counter finished;  // erasures of which no byte is left
  Counter rows;      // hidden
  Counter waiting;   // erasures not finished, as last seen
};

class ErasureJob {
 public:
  template <typename T>
  using Answer = tl::expected<T, RedisFault>;

  ErasureJob(RedisClient& client, ErasureSettings settings, const Clock& clock, ErasureCounters& counters);

  /// Everything that is due, for all sites. NoPermission and NotWritable concern the files alone: the rest
  /// was done.
  Answer<void> round();

 private:
  struct Erasure {
    std::string site;
    std::string subject;
    std::string before;   // ms
    std::string ordered;  // when, ms
  };
  Answer<void> take_orders(const std::string& site);
  Answer<void> enter(const std::string& site, const RedisReply& order);
  Answer<void> hide_unfinished();
  Answer<std::vector<Erasure>> unfinished(const std::string& site);
  Answer<std::size_t> hide(const Erasure& erasure);
  Answer<std::size_t> hide_in_stream(const Erasure& erasure, std::string_view orders, std::string_view index,
                                     const std::string& stream, std::string_view receipts);
  Answer<void> rewrite_site(const std::string& site);
  Answer<void> rewrite(const std::string& orders, const std::string& stream, std::string_view name);
  Answer<void> renew_files();
  Answer<void> finish(const Erasure& erasure);
  Answer<bool> may_work(const std::string& site);
  bool is_due(const Erasure& erasure) const;

  RedisClient& client_;
  const ErasureSettings settings_;
  const Clock& clock_;
  ErasureCounters& counters_;
  SubjectStore store_;
  RedisFiles files_;
  const std::string name_;         // of this job among all edges'
  std::vector<Erasure> due_;       // whose streams were written anew in this round
  std::vector<Erasure> renewing_;  // waiting for the files
  std::optional<SteadyTime> looked_everywhere_;
  std::optional<SteadyTime> pruned_;
};

}  // namespace portvakt::logs
