// The desk behind the privacy pages: one thread with a Redis connection of its own answers what visitors ask
// for their rights, one question after the other, and looks every minute how many requests are open and
// late. While Redis cannot be reached every question is answered at once by Unavailable. Outlives the
// workers' exchanges.
#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "filters/desk.h"
#include "proxy/base/counters.h"
#include "proxy/logs/redis/redis_url.h"
#include "proxy/logs/subjects/request_log.h"

namespace portvakt::logs {

struct RightsDeskSettings {
  std::optional<RedisUrl> redis;  // absent: nothing can be asked
  std::string prefix = "portvakt";
  std::vector<std::string> sites;
  std::chrono::milliseconds connect_timeout{1000};
  std::chrono::milliseconds reply_timeout{3000};
  std::chrono::milliseconds look_every{60'000};  // for requests that are late
};

struct RightsDeskCounters {
  Counter answered;     // with an answer of Redis, whatever it was
  Counter unavailable;  // Redis could not be asked
  Counter refused;      // the queue was full
  Counter abandoned;    // the visitor was gone before the turn came
  Counter waiting;
};

class RightsDesk : public filters::Desk {
 public:
  static constexpr std::size_t kMaxWaiting = 256;

  RightsDesk(RightsDeskSettings settings, const Clock& clock);
  ~RightsDesk() override;

  bool ask(filters::Question question, std::weak_ptr<const void> asker, Tell tell) override;
  /// New settings from the next question on. Any thread.
  void take(RightsDeskSettings settings);
  /// Answers what still waits by Unavailable and ends the thread. Nobody is told after this has returned.
  void stop();

  const RightsDeskCounters& counters() const { return counters_; }
  /// By site, as of the last look. Any thread.
  std::map<std::string, OpenRequests> open_requests() const;

 private:
  class Run;
  struct Waiting {
    filters::Question question;
    std::weak_ptr<const void> asker;
    Tell tell;
  };
  void serve();
  void answer(Run& run, Waiting& waiting);
  void look(Run& run);

  const Clock& clock_;
  RightsDeskCounters counters_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Waiting> queue_;
  RightsDeskSettings settings_;
  std::uint64_t edition_ = 0;  // of the settings
  bool stopping_ = false;
  std::map<std::string, OpenRequests> open_;
  StopSignal stop_;
  std::thread thread_;
};

}  // namespace portvakt::logs
