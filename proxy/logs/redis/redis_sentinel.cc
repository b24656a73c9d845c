#include "proxy/logs/redis/redis_sentinel.h"

#include "proxy/base/ascii.h"

namespace portvakt::logs {
namespace {

using Done = tl::expected<void, RedisFault>;

bool same(const HostPort& a, const HostPort& b) {
  return a.host == b.host && a.port == b.port;
}

}  // namespace

SentinelLink::SentinelLink(RedisUrl url, RedisTimeouts timeouts, const StopSignal& stop)
    : url_(std::move(url)), timeouts_(timeouts), stop_(stop) {
  for (const HostPort& host : url_.hosts()) {
    RedisUrl one = url_.at(host);
    one.database = 0;
    sentinels_.push_back(std::make_unique<RedisConnection>(std::move(one), timeouts_, stop_));
  }
}

/// Where the sentinel says the master is.
SentinelLink::Place SentinelLink::named_by(RedisConnection& sentinel) {
  auto reply = sentinel.ask({"SENTINEL", "GET-MASTER-ADDR-BY-NAME", url_.master});
  if (!reply && reply.error() == RedisFault::NoAuth && !url_.password.empty()) {
    if (auto signed_in = sentinel.sign_in(); !signed_in) return tl::unexpected(signed_in.error());
    reply = sentinel.ask({"SENTINEL", "GET-MASTER-ADDR-BY-NAME", url_.master});
  }
  if (!reply) return tl::unexpected(reply.error());
  if (reply->items.size() != 2) return tl::unexpected(RedisFault::UnknownMaster);
  const auto port = ascii::parse_uint(reply->items[1].text);
  if (!port || *port == 0 || *port > 0xFFFF || reply->items[0].text.empty())
    return tl::unexpected(RedisFault::UnknownMaster);
  return HostPort{reply->items[0].text, static_cast<std::uint16_t>(*port)};
}

SentinelLink::Place SentinelLink::ask_sentinel(std::size_t index) {
  RedisConnection& sentinel = *sentinels_[index];
  if (!sentinel.connected()) {
    if (auto opened = sentinel.open(); !opened) return tl::unexpected(opened.error());
  }
  return named_by(sentinel);
}

Done SentinelLink::connect_to(const HostPort& place) {
  master_ = std::make_unique<RedisConnection>(url_.at(place), timeouts_, stop_);
  master_place_ = place;
  Done done = master_->connect();
  if (done) {
    const auto role = master_->role();
    if (!role)
      done = tl::unexpected(role.error());
    else if (!role->master)
      done = tl::unexpected(RedisFault::ReadOnly);
  }
  if (!done) master_.reset();
  return done;
}

/// Sentinels may differ while they agree on a failover: the first whose master takes writes is right. The
/// fault of one that was heard tells more than that of one which cannot be reached.
Done SentinelLink::connect() {
  disconnect();
  RedisFault fault = RedisFault::NoSentinel;
  for (std::size_t i = 0; i < sentinels_.size(); ++i) {
    const std::size_t index = (first_ + i) % sentinels_.size();
    const Place place = ask_sentinel(index);
    if (!place) {
      if (place.error() == RedisFault::Stopped) return tl::unexpected(place.error());
      const bool unheard = place.error() == RedisFault::Unreachable ||
                           place.error() == RedisFault::TimedOut || place.error() == RedisFault::Closed;
      if (!unheard) fault = place.error();
      continue;
    }
    const Done done = connect_to(*place);
    if (done) {
      first_ = index;
      return {};
    }
    if (done.error() == RedisFault::Stopped) return done;
    fault = done.error();
  }
  return tl::unexpected(fault);
}

RedisReplies SentinelLink::exchange(std::string_view commands, std::size_t replies) {
  if (!master_) return tl::unexpected(RedisFault::Closed);
  return master_->exchange(commands, replies);
}

/// A master that was cut off from its sentinels goes on taking writes which the new one will never have: only
/// while a sentinel still names it does what it says count.
RedisStandings SentinelLink::look() {
  if (!master_) return tl::unexpected(RedisFault::Closed);
  auto role = master_->role();
  if (!role) return tl::unexpected(role.error());
  if (!role->master) return tl::unexpected(RedisFault::ReadOnly);
  const Place named = ask_sentinel(first_);
  if (!named) {
    if (named.error() == RedisFault::Stopped) return tl::unexpected(named.error());
    first_ = (first_ + 1) % sentinels_.size();
    return std::vector<RedisStanding>();
  }
  if (!same(*named, master_place_)) return tl::unexpected(RedisFault::Moved);
  return std::vector<RedisStanding>{{master_->url().place(), std::move(*role)}};
}

}  // namespace portvakt::logs
