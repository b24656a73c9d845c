#include "proxy/logs/subjects/erasure_job.h"

#include <algorithm>

#include "proxy/base/ascii.h"
#include "proxy/base/crypto.h"
#include "proxy/base/log.h"
#include "proxy/logs/records/subject.h"
#include "proxy/logs/redis/redis_ask.h"
#include "proxy/logs/redis/redis_command.h"
#include "proxy/logs/subjects/erasure_scripts.h"
#include "proxy/logs/subjects/order_pruning.h"

namespace portvakt::logs {
namespace {

/// Entries that one call copies: a few milliseconds of Redis' time.
constexpr std::string_view kCopiedAtOnce = "256";
constexpr std::string_view kOrdersAtOnce = "1000";
constexpr std::string_view kLeaseMilliseconds = "30000";
/// Orders lie in the days of delivery: these many before today are looked at every time, all now and then.
constexpr std::int64_t kRecentDays = 2;
constexpr std::chrono::minutes kEverywhereEvery{10};
constexpr std::chrono::hours kPruneEvery{1};

constexpr std::string_view kLeaseScript = R"(
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
)";

/// An order that was raised in the meantime is not finished.
constexpr std::string_view kFinishScript = R"(
if redis.call('ZSCORE', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
return redis.call('ZREM', KEYS[1], ARGV[1])
)";

WallTime time_from(std::string_view text) {
  return WallTime{std::chrono::milliseconds{static_cast<std::int64_t>(ascii::parse_uint(text).value_or(0))}};
}

std::string field_of(const RedisReply& entry, std::string_view name) {
  if (entry.items.size() != 2) return {};
  const auto& words = entry.items[1].items;
  for (std::size_t i = 0; i + 1 < words.size(); i += 2) {
    if (words[i].text == name) return words[i + 1].text;
  }
  return {};
}

}  // namespace

ErasureJob::ErasureJob(RedisClient& client, ErasureSettings settings, const Clock& clock,
                       ErasureCounters& counters)
    : client_(client),
      settings_(std::move(settings)),
      clock_(clock),
      counters_(counters),
      store_(client, settings_.prefix),
      files_(client),
      name_(ascii::base64url(crypto::random_bytes(9))) {}

ErasureJob::Answer<void> ErasureJob::round() {
  for (const auto& site : settings_.sites) {
    if (auto taken = take_orders(site); !taken) return taken;
  }
  looked_everywhere_ = looked_everywhere_.value_or(clock_.steady());
  if (clock_.steady() - *looked_everywhere_ >= kEverywhereEvery) looked_everywhere_.reset();
  if (auto hidden = hide_unfinished(); !hidden) return hidden;
  if (!pruned_ || clock_.steady() - *pruned_ >= kPruneEvery) {
    for (const auto& site : settings_.sites) {
      const auto pruned = prune_orders(client_, settings_.prefix, site, clock_.wall() - settings_.standing);
      if (!pruned) return pruned;
    }
    pruned_ = clock_.steady();
  }
  return renew_files();
}

/// What visitors ordered lies in a stream of the day of its delivery; entered, it is done with there.
ErasureJob::Answer<void> ErasureJob::take_orders(const std::string& site) {
  const auto days = store_.days(site);
  if (!days) return tl::unexpected(days.error());
  const std::string recent = day_text(day_of(clock_.wall()) - kRecentDays);
  std::vector<std::string> streams;
  std::string commands;
  for (const auto& day : *days) {
    if (looked_everywhere_ && day < recent) continue;
    streams.push_back(day_keys(settings_.prefix, site, day).erasures);
    append_command(commands, {"XRANGE", streams.back(), "-", "+", "COUNT", kOrdersAtOnce});
  }
  const auto found = ask_all(client_, commands, streams.size());
  if (!found) return tl::unexpected(found.error());
  for (std::size_t i = 0; i < streams.size(); ++i) {
    for (const auto& order : (*found)[i].items) {
      if (auto entered = enter(site, order); !entered) return entered;
      const auto gone = ask(client_, {"XDEL", streams[i], order.items[0].text});
      if (!gone) return tl::unexpected(gone.error());
    }
  }
  return {};
}

ErasureJob::Answer<void> ErasureJob::enter(const std::string& site, const RedisReply& order) {
  const Erasure erasure{site, field_of(order, "subject"), field_of(order, "before"), field_of(order, "t")};
  if (!is_subject(erasure.subject) || !ascii::parse_uint(erasure.before)) return {};
  const auto entered =
      store_.order_erasure(site, erasure.subject, field_of(order, "id"), time_from(erasure.ordered),
                           time_from(erasure.before), Actor::Visitor);
  if (!entered) return tl::unexpected(entered.error());
  const auto hidden = hide(erasure);
  if (!hidden) return tl::unexpected(hidden.error());
  return {};
}

ErasureJob::Answer<std::vector<ErasureJob::Erasure>> ErasureJob::unfinished(const std::string& site) {
  const auto found =
      ask(client_, {"ZRANGE", site_key(settings_.prefix, site, "erasing"), "0", "-1", "WITHSCORES"});
  if (!found) return tl::unexpected(found.error());
  std::vector<Erasure> erasures;
  std::string commands;
  for (std::size_t i = 0; i + 1 < found->items.size(); i += 2) {
    erasures.push_back({site, found->items[i].text, {}, found->items[i + 1].text});
    append_command(commands, {"HGET", site_key(settings_.prefix, site, "orders"), erasures.back().subject});
  }
  const auto befores = ask_all(client_, commands, erasures.size());
  if (!befores) return tl::unexpected(befores.error());
  for (std::size_t i = 0; i < erasures.size(); ++i) erasures[i].before = (*befores)[i].text;
  return erasures;
}

ErasureJob::Answer<void> ErasureJob::hide_unfinished() {
  due_.clear();
  std::size_t waiting = 0;
  for (const auto& site : settings_.sites) {
    const auto mine = may_work(site);
    if (!mine) return tl::unexpected(mine.error());
    if (!*mine) continue;
    auto erasures = unfinished(site);
    if (!erasures) return tl::unexpected(erasures.error());
    for (const auto& erasure : *erasures) {
      const auto hidden = hide(erasure);
      if (!hidden) return tl::unexpected(hidden.error());
    }
    waiting += erasures->size();
    if (std::ranges::none_of(*erasures, [this](const Erasure& one) { return is_due(one); })) continue;
    if (auto rewritten = rewrite_site(site); !rewritten) return rewritten;
    due_.insert(due_.end(), erasures->begin(), erasures->end());
  }
  counters_.waiting.set(waiting);
  return {};
}

/// Once one has waited long enough, all go with it.
bool ErasureJob::is_due(const Erasure& erasure) const {
  return clock_.wall() - time_from(erasure.ordered) >= settings_.gather;
}

ErasureJob::Answer<std::size_t> ErasureJob::hide(const Erasure& erasure) {
  auto days = store_.days(erasure.site);
  if (!days) return tl::unexpected(days.error());
  std::size_t hidden = 0;
  for (const auto& day : *days) {
    const DayKeys keys = day_keys(settings_.prefix, erasure.site, day);
    const std::pair<const std::string*, const std::string*> streams[] = {
        {&keys.visitors, &keys.requests},
        {&keys.consent_visitors, &keys.consents},
        {&keys.event_visitors, &keys.events}};
    for (const auto& [index, stream] : streams) {
      const bool receipts = stream == &keys.consents;
      const auto taken = hide_in_stream(erasure, keys.orders, *index, *stream,
                                        receipts ? std::string_view(keys.erased) : std::string_view());
      if (!taken) return taken;
      hidden += *taken;
    }
  }
  if (hidden == 0) return 0;
  counters_.rows.add(hidden);
  if (auto noted = store_.note(erasure.site, "hidden", Actor::Operator, clock_.wall(), hidden); !noted)
    return tl::unexpected(noted.error());
  return hidden;
}

ErasureJob::Answer<std::size_t> ErasureJob::hide_in_stream(const Erasure& erasure, std::string_view orders,
                                                           std::string_view index, const std::string& stream,
                                                           std::string_view receipts) {
  const std::string copy = stream_copy(stream);
  std::vector<std::string_view> keys = {orders, index, stream, copy};
  if (!receipts.empty()) keys.push_back(receipts);
  const std::string_view name = std::string_view(stream).substr(stream.rfind(':') + 1);
  std::size_t hidden = 0;
  while (true) {
    const auto taken = ask_script(client_, hide_script(), keys, {erasure.subject, erasure.before, name});
    if (!taken) return tl::unexpected(taken.error());
    const bool more = taken->integer < 0;
    hidden += static_cast<std::size_t>(more ? -1 - taken->integer : taken->integer);
    if (!more) return hidden;
  }
}

ErasureJob::Answer<void> ErasureJob::rewrite_site(const std::string& site) {
  const auto days = store_.days(site);
  if (!days) return tl::unexpected(days.error());
  for (const auto& day : *days) {
    const DayKeys keys = day_keys(settings_.prefix, site, day);
    for (const auto* stream : {&keys.requests, &keys.consents, &keys.events}) {
      const std::string_view name = std::string_view(*stream).substr(stream->rfind(':') + 1);
      if (auto done = rewrite(keys.orders, *stream, name); !done) return done;
    }
  }
  return {};
}

/// A wish that comes up while its stream is copied asks for another copy.
ErasureJob::Answer<void> ErasureJob::rewrite(const std::string& orders, const std::string& stream,
                                             std::string_view name) {
  const std::string copy = stream_copy(stream);
  while (true) {
    const auto wish = ask_script(client_, begin_rewrite_script(), {orders, stream, copy}, {name});
    if (!wish) return tl::unexpected(wish.error());
    if (wish->integer == 0) return {};
    const std::string number = std::to_string(wish->integer);
    while (true) {
      const auto more =
          ask_script(client_, rewrite_script(), {orders, stream, copy}, {name, number, kCopiedAtOnce});
      if (!more) return tl::unexpected(more.error());
      if (more->integer == 0) break;
    }
  }
}

/// The streams of those due were written anew in this round; the files are watched from round to round.
/// Erasures that come in the meantime wait for the next files.
ErasureJob::Answer<void> ErasureJob::renew_files() {
  if (renewing_.empty()) {
    renewing_ = due_;
    files_.begin();
  }
  if (renewing_.empty()) return {};
  const auto written = files_.step(settings_.renew_files);
  if (!written && written.error() == RedisFault::LostData) {
    renewing_.clear();
    return {};
  }
  if (!written) return tl::unexpected(written.error());
  if (!*written) return {};
  for (const auto& erasure : std::exchange(renewing_, {})) {
    if (auto finished = finish(erasure); !finished) return finished;
  }
  return {};
}

ErasureJob::Answer<void> ErasureJob::finish(const Erasure& erasure) {
  const auto late = hide(erasure);
  if (!late) return tl::unexpected(late.error());
  if (*late > 0) return {};  // the next round writes its stream anew
  const std::string erasing = site_key(settings_.prefix, erasure.site, "erasing");
  const auto gone = ask_script(client_, kFinishScript, {erasing}, {erasure.subject, erasure.ordered});
  if (!gone) return tl::unexpected(gone.error());
  if (gone->integer == 0) return {};
  counters_.finished.add();
  const auto took =
      std::chrono::duration_cast<std::chrono::seconds>(clock_.wall() - time_from(erasure.ordered));
  log_info("an erasure on site " + erasure.site + " is complete after " + std::to_string(took.count()) +
           " s: stream, index, dump and append-only file hold none of it");
  return store_.note(erasure.site, "erased", Actor::Operator, clock_.wall(), 0);
}

ErasureJob::Answer<bool> ErasureJob::may_work(const std::string& site) {
  if (!settings_.alone) return true;
  const std::string key = site_key(settings_.prefix, site, "eraser");
  const auto mine = ask_script(client_, kLeaseScript, {key}, {name_, kLeaseMilliseconds});
  if (!mine) return tl::unexpected(mine.error());
  return mine->integer == 1;
}

}  // namespace portvakt::logs
