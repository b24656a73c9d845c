#include "proxy/logs/subjects/request_log.h"

#include <algorithm>

#include "proxy/base/ascii.h"
#include "proxy/logs/redis/redis_call.h"

namespace portvakt::logs {
namespace {

using std::chrono::milliseconds;
using Outcome = RequestLog::Outcome;

constexpr std::string_view kTryLife = "86400";
constexpr std::size_t kNumberSize = 16;

// KEYS: the request, all, open ones, tries of the network. ARGV: most open, most tries, their life, due time,
// time of arrival, number, then names and values. 1: filed or there already; 0: too many.
constexpr std::string_view kFile = R"(
if redis.call('EXISTS', KEYS[1]) == 1 then return 1 end
if redis.call('ZCARD', KEYS[3]) >= tonumber(ARGV[1]) then return 0 end
if tonumber(redis.call('GET', KEYS[4]) or '0') >= tonumber(ARGV[2]) then return 0 end
if redis.call('INCR', KEYS[4]) == 1 then redis.call('EXPIRE', KEYS[4], ARGV[3]) end
redis.call('HSET', KEYS[1], unpack(ARGV, 7))
redis.call('ZADD', KEYS[2], ARGV[5], ARGV[6])
redis.call('ZADD', KEYS[3], ARGV[4], ARGV[6])
return 1
)";

// KEYS: the request, open ones. ARGV: number, answer, time, life in seconds.
constexpr std::string_view kAnswer = R"(
if redis.call('ZREM', KEYS[2], ARGV[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], 'state', 'answered', 'answer', ARGV[2], 'answered', ARGV[3])
redis.call('HDEL', KEYS[1], 'text', 'contact')
redis.call('EXPIRE', KEYS[1], ARGV[4])
return 1
)";

// KEYS: the request, open ones. ARGV: number, the new due time.
constexpr std::string_view kExtend = R"(
if redis.call('HGET', KEYS[1], 'state') ~= 'open' then return 0 end
redis.call('HSET', KEYS[1], 'state', 'extended', 'due', ARGV[2])
redis.call('ZADD', KEYS[2], ARGV[2], ARGV[1])
return 1
)";

std::string text_of(WallTime time) {
  return std::to_string(time.time_since_epoch().count());
}

WallTime time_of(std::string_view text) {
  return WallTime{milliseconds{static_cast<std::int64_t>(ascii::parse_uint(text).value_or(0))}};
}

RightsRequest read_request(const RedisReply& reply) {
  RightsRequest request;
  for (std::size_t i = 0; i + 1 < reply.items.size(); i += 2) {
    const auto& name = reply.items[i].text;
    const auto& value = reply.items[i + 1].text;
    if (name == "number") request.number = value;
    if (name == "kind") request.kind = value;
    if (name == "state") request.state = value;
    if (name == "received") request.received = time_of(value);
    if (name == "due") request.due = time_of(value);
    if (name == "text") request.text = value;
    if (name == "contact") request.contact = value;
    if (name == "subject") request.subject = value;
    if (name == "answer") request.answer = value;
  }
  return request;
}

tl::expected<Outcome, RedisFault> outcome_of(const tl::expected<RedisReply, RedisFault>& reply,
                                             Outcome otherwise) {
  if (!reply) return tl::unexpected(reply.error());
  return reply->integer == 1 ? Outcome::Done : otherwise;
}

}  // namespace

bool is_request_number(std::string_view text) {
  return text.size() == kNumberSize &&
         std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '2' && c <= '7'); });
}

std::string RequestLog::key(std::string_view site, std::string_view name) const {
  return std::string(prefix_).append(":{").append(site).append("}:").append(name);
}

tl::expected<Outcome, RedisFault> RequestLog::file(std::string_view site, RightsRequest request,
                                                   std::string_view network, WallTime now) {
  const auto due = text_of(end_of(due_day(now, kAnswerTime)));
  const auto received = text_of(now);
  request.text.resize(std::min(request.text.size(), kMaxText));
  request.contact.resize(std::min(request.contact.size(), kMaxContact));
  return outcome_of(redis_call(client_, {"EVAL",
                                         kFile,
                                         "4",
                                         key(site, "rights:" + request.number),
                                         key(site, "rights"),
                                         key(site, "rights-open"),
                                         key(site, std::string("rights-tries:").append(network)),
                                         std::to_string(kMaxOpen),
                                         std::to_string(kMaxPerDay),
                                         kTryLife,
                                         due,
                                         received,
                                         request.number,
                                         "number",
                                         request.number,
                                         "kind",
                                         request.kind,
                                         "state",
                                         "open",
                                         "received",
                                         received,
                                         "due",
                                         due,
                                         "text",
                                         request.text,
                                         "contact",
                                         request.contact,
                                         "subject",
                                         request.subject}),
                    Outcome::TooMany);
}

tl::expected<std::optional<RightsRequest>, RedisFault> RequestLog::find(std::string_view site,
                                                                        std::string_view number) {
  const auto reply = redis_call(client_, {"HGETALL", key(site, std::string("rights:").append(number))});
  if (!reply) return tl::unexpected(reply.error());
  if (reply->items.empty()) return std::optional<RightsRequest>();
  return read_request(*reply);
}

tl::expected<std::vector<RightsRequest>, RedisFault> RequestLog::list(std::string_view site, bool answered,
                                                                      WallTime now) {
  const auto forgotten = text_of(now - kKeepAnswered - std::chrono::days{100});
  auto gone = redis_call(client_, {"ZREMRANGEBYSCORE", key(site, "rights"), "-inf", forgotten});
  if (!gone) return tl::unexpected(gone.error());
  std::vector<RightsRequest> found;
  for (const bool open : {true, false}) {
    if (!open && !answered) break;
    const auto numbers =
        redis_call(client_, {"ZRANGE", key(site, open ? "rights-open" : "rights"), "0", "-1"});
    if (!numbers) return tl::unexpected(numbers.error());
    for (const auto& number : numbers->items) {
      auto one = find(site, number.text);
      if (!one) return tl::unexpected(one.error());
      if (*one && ((*one)->state == "answered") != open) found.push_back(std::move(**one));
    }
  }
  return found;
}

tl::expected<Outcome, RedisFault> RequestLog::answer(std::string_view site, std::string_view number,
                                                     std::string_view answer, WallTime now) {
  const auto life = std::chrono::duration_cast<std::chrono::seconds>(kKeepAnswered).count();
  return outcome_of(
      redis_call(client_, {"EVAL", kAnswer, "2", key(site, std::string("rights:").append(number)),
                           key(site, "rights-open"), number, answer.substr(0, kMaxAnswer), text_of(now),
                           std::to_string(life)}),
      Outcome::Missing);
}

tl::expected<Outcome, RedisFault> RequestLog::extend(std::string_view site, std::string_view number) {
  const auto found = find(site, number);
  if (!found) return tl::unexpected(found.error());
  if (!*found) return Outcome::Missing;
  const auto due = text_of(end_of(due_day((*found)->received, kExtendedTime)));
  return outcome_of(
      redis_call(client_, {"EVAL", kExtend, "2", key(site, std::string("rights:").append(number)),
                           key(site, "rights-open"), number, due}),
      Outcome::Missing);
}

tl::expected<OpenRequests, RedisFault> RequestLog::count(std::string_view site, WallTime now) {
  const auto open = redis_call(client_, {"ZCARD", key(site, "rights-open")});
  if (!open) return tl::unexpected(open.error());
  const auto late = redis_call(client_, {"ZCOUNT", key(site, "rights-open"), "-inf", text_of(now)});
  if (!late) return tl::unexpected(late.error());
  return OpenRequests{static_cast<std::uint64_t>(open->integer), static_cast<std::uint64_t>(late->integer)};
}

}  // namespace portvakt::logs
