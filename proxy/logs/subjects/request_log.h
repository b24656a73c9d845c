// The requests of visitors that an operator must answer, with their due dates, in Redis: one hash a request,
// and the open ones sorted by the end of their last day. The visitor's own words are kept until the answer
// and not longer; what remains, with the answer, goes a year later. Used by threads that may wait; the client
// outlives it.
//
// Keys, all in the site's slot: `PREFIX:{SITE}:rights:NUMBER` (hash: number, kind, received, due, state,
// text, contact, subject, answer, answered; times in ms since 1970), `PREFIX:{SITE}:rights` (sorted set,
// number by time of arrival), `PREFIX:{SITE}:rights-open` (sorted set, number by due time),
// `PREFIX:{SITE}:rights-tries:WHO` (count of requests from one network, for a day).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "proxy/logs/redis/redis_client.h"
#include "proxy/logs/subjects/due_date.h"

namespace portvakt::logs {

struct RightsRequest {
  std::string number;
  std::string kind;   // rectification, access, other
  std::string state;  // open, extended, answered
  WallTime received{};
  WallTime due{};  // from then on it is late
  std::string text;
  std::string contact;
  std::string subject;  // of the visitor who sent it, if known: a name that does not tell who
  std::string answer;
  bool overdue(WallTime now) const { return state != "answered" && now >= due; }
};

struct OpenRequests {
  std::uint64_t open = 0;
  std::uint64_t overdue = 0;
};

class RequestLog {
 public:
  static constexpr std::size_t kMaxOpen = 10'000;  // of one site
  static constexpr std::size_t kMaxPerDay = 10;    // from one network
  static constexpr std::size_t kMaxText = 4000;
  static constexpr std::size_t kMaxContact = 200;
  static constexpr std::size_t kMaxAnswer = 4000;
  static constexpr std::chrono::days kKeepAnswered{365};

  enum class Outcome : std::uint8_t { Done, Missing, TooMany };

  RequestLog(RedisClient& client, std::string prefix) : client_(client), prefix_(std::move(prefix)) {}

  /// Filed under its number; the same number again changes nothing. Received and due are set here.
  tl::expected<Outcome, RedisFault> file(std::string_view site, RightsRequest request,
                                         std::string_view network, WallTime now);
  tl::expected<std::optional<RightsRequest>, RedisFault> find(std::string_view site, std::string_view number);
  /// Open ones by due date, then, if wanted, the answered ones that are still kept.
  tl::expected<std::vector<RightsRequest>, RedisFault> list(std::string_view site, bool answered,
                                                            WallTime now);
  /// Closes it: the visitor's words go, the answer can be read under the number.
  tl::expected<Outcome, RedisFault> answer(std::string_view site, std::string_view number,
                                           std::string_view answer, WallTime now);
  /// Two more months, once. Missing: no such request is open, or it has them already.
  tl::expected<Outcome, RedisFault> extend(std::string_view site, std::string_view number);
  tl::expected<OpenRequests, RedisFault> count(std::string_view site, WallTime now);

 private:
  std::string key(std::string_view site, std::string_view name) const;

  RedisClient& client_;
  std::string prefix_;
};

/// Whether `text` has the form of a request's number: 16 characters of a–z and 2–7.
bool is_request_number(std::string_view text);

}  // namespace portvakt::logs
