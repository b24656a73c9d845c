#include "proxy/logs/shipping/ship_session.h"

#include <algorithm>

#include "proxy/base/ascii.h"
#include "proxy/base/log.h"
#include "proxy/logs/redis/redis_command.h"
#include "proxy/logs/shipping/retention.h"
#include "proxy/logs/shipping/standing_orders.h"

namespace portvakt::logs {
namespace {

using Done = tl::expected<void, RedisFault>;

constexpr std::size_t kWindowRecords = 8 * ShipBatch::kMaxRecords;
constexpr std::size_t kWindowBytes = 1U << 20;
constexpr std::chrono::hours kRetentionEvery{1};
constexpr std::chrono::seconds kLookEvery{1};
/// So long a clock that leapt must stand before records are filed by it, and before any are dropped by it.
constexpr std::chrono::minutes kFilingPatience{10};
constexpr std::chrono::hours kDroppingPatience{24};

Done first_error(const std::vector<RedisReply>& replies) {
  const auto error = std::ranges::find_if(replies, &RedisReply::is_error);
  if (error != replies.end()) return tl::unexpected(error->fault());
  return {};
}

}  // namespace

ShipSession::ShipSession(Spool& spool, const ShipperSettings& settings, const Clock& clock,
                         const StopSignal& stop, ShipperCounters& counters)
    : settings_(settings),
      clock_(clock),
      counters_(counters),
      reader_(spool),
      client_(settings.redis, {settings.connect_timeout, settings.reply_timeout}, stop),
      chain_(settings.receipt_keys),
      sites_(settings.sites.begin(), settings.sites.end()),
      days_(clock, kFilingPatience),
      last_days_(clock, kDroppingPatience) {
  for (std::size_t i = 0; i < reader_.producers(); ++i) counted_.push_back(reader_.delivered(i));
}

void ShipSession::reset() {
  client_.disconnect();
  counters_.connected.set(0);
  marks_.clear();
  replicas_.restart();
  looked_ = {};
  for (std::size_t i = 0; i < reader_.producers(); ++i) reader_.rewind(i);
}

Done ShipSession::begin() {
  if (auto connected = client_.connect(); !connected) return connected;
  commands_.clear();
  append_command(commands_, {"SCRIPT", "LOAD", batch_script()});
  const auto replies = client_.exchange(commands_, 1);
  if (!replies) return tl::unexpected(replies.error());
  if (auto done = first_error(*replies); !done) return done;
  script_digest_ = replies->front().text;
  counters_.connected.set(1);
  return {};
}

tl::expected<bool, RedisFault> ShipSession::step() {
  if (!client_.connected()) {
    if (auto begun = begin(); !begun) return tl::unexpected(begun.error());
  }
  bool moved = false;
  for (std::size_t i = 0; i < reader_.producers(); ++i) {
    const auto shipped = ship_window(i);
    if (!shipped) return shipped;
    moved = moved || *shipped;
  }
  if (auto kept = keep_retention(); !kept) return tl::unexpected(kept.error());
  if (auto looked = look_if_due(); !looked) return tl::unexpected(looked.error());
  return moved;
}

tl::expected<bool, RedisFault> ShipSession::ship_window(std::size_t producer) {
  reader_.read(producer, kWindowRecords, kWindowBytes, window_);
  if (window_.empty()) return false;
  group_records(producer);
  if (auto fetched = fetch_marks(producer); !fetched) return tl::unexpected(fetched.error());
  note_missing(producer);
  write_batches(producer);
  reader_.sending(producer, window_.back().sequence);
  if (auto sent = send_batches(); !sent) return tl::unexpected(sent.error());
  finish_window(producer);
  return true;
}

void ShipSession::group_records(std::size_t producer) {
  groups_.clear();
  const std::int64_t today = day_of(days_.now());
  for (const SpooledRecord& record : window_) {
    const std::int64_t day = reader_.day_for(producer, record.sequence, today);
    const auto same = [&](const Group& group) { return group.day == day && group.site == record.site; };
    auto group = std::ranges::find_if(groups_, same);
    if (group == groups_.end()) group = groups_.insert(groups_.end(), Group{record.site, day, {}, {}});
    group->records.push_back(&record);
  }
}

/// Asks for the marks that this connection has not told yet. The day is entered among the site's days first,
/// so that retention finds it whatever happens next; that key lies in another slot and the command may be
/// repeated.
Done ShipSession::fetch_marks(std::size_t producer) {
  commands_.clear();
  std::vector<Group*> asked;
  for (Group& group : groups_) {
    const auto known = marks_.find(MarkKey(group.site, group.day, producer));
    if (known != marks_.end()) {
      group.mark = known->second;
      continue;
    }
    const std::string day = day_text(group.day);
    const DayKeys keys = day_keys(settings_.prefix, group.site, day);
    append_command(commands_,
                   {"ZADD", days_key(settings_.prefix, group.site), std::to_string(group.day), day});
    append_command(commands_,
                   {"HMGET", keys.sent, reader_.id(producer), chain_end_field(reader_.id(producer))});
    asked.push_back(&group);
  }
  if (asked.empty()) return {};
  const auto replies = client_.exchange(commands_, 2 * asked.size());
  if (!replies) return tl::unexpected(replies.error());
  if (auto done = first_error(*replies); !done) return done;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    const auto& stored = (*replies)[2 * i + 1].items;
    if (stored.size() != 2) return tl::unexpected(RedisFault::Protocol);
    const std::string day = day_text(asked[i]->day);
    asked[i]->mark.sequence = ascii::parse_uint(stored[0].text).value_or(0);
    asked[i]->mark.chain = chain_.check_end({asked[i]->site, day, reader_.id(producer)}, stored[1].text).end;
    marks_[MarkKey(asked[i]->site, asked[i]->day, producer)] = asked[i]->mark;
    sites_.emplace(asked[i]->site);
    const DayKeys keys = day_keys(settings_.prefix, asked[i]->site, day_text(asked[i]->day));
    if (auto carried = carry_orders(client_, settings_.prefix, asked[i]->site, keys); !carried)
      return carried;
  }
  return {};
}

/// What was delivered once and is not stored any more: Redis lost its last moments, or all.
void ShipSession::note_missing(std::size_t producer) {
  const std::uint64_t delivered = reader_.delivered(producer);
  const std::uint64_t sent = reader_.sent(producer);
  std::uint64_t first = delivered + 1;
  for (const Group& group : groups_) {
    for (const SpooledRecord* record : group.records) {
      if (record->sequence <= group.mark.sequence || record->sequence > sent) continue;
      counters_.retried.add();
      first = std::min(first, record->sequence);
    }
  }
  if (first <= delivered) reader_.missing(producer, first);
}

void ShipSession::write_batches(std::size_t producer) {
  commands_.clear();
  expected_.clear();
  for (const Group& group : groups_) write_group(producer, group);
}

void ShipSession::write_group(std::size_t producer, const Group& group) {
  const std::string day = day_text(group.day);
  const DayKeys keys = day_keys(settings_.prefix, group.site, day);
  const ChainScope scope{group.site, day, reader_.id(producer)};
  Mark mark = group.mark;
  const std::string producer_dash = reader_.id(producer) + "-";
  std::string id, chain;  // the fields are views into them
  std::string chain_end;
  batch_.start(mark.sequence);
  const auto close = [&] {
    if (batch_.empty()) return;
    batch_.write(keys, reader_.id(producer), script_digest_, chain_end, commands_);
    chain_end.clear();
    expected_.push_back(batch_.last());
    batch_.start(batch_.last());
  };
  for (const SpooledRecord* record : group.records) {
    if (record->sequence <= group.mark.sequence) continue;
    id = producer_dash + std::to_string(record->sequence);
    if (!decode_fields(*record, id, fields_)) {
      counters_.unreadable.add();
      continue;
    }
    if (record->kind == RecordKind::Consent && !chain_.empty()) {
      chain_receipt(scope, mark.chain, chain);
      chain_end = chain_.close(scope, mark.chain);
    }
    batch_.add(*record, fields_);
    if (batch_.full()) close();
  }
  close();
  mark.sequence = std::max(mark.sequence, batch_.last());
  marks_[MarkKey(group.site, group.day, producer)] = std::move(mark);
}

void ShipSession::chain_receipt(const ChainScope& scope, ChainEnd& end, std::string& text) {
  text = chain_.add(scope, fields_, end);
  fields_.push_back({kChainField, text});
}

Done ShipSession::send_batches() {
  if (expected_.empty()) return {};
  const auto replies = client_.exchange(commands_, expected_.size());
  if (!replies) return tl::unexpected(replies.error());
  if (auto done = first_error(*replies); !done) return done;
  for (std::size_t i = 0; i < expected_.size(); ++i) {
    // Less than expected: the server lost what came before while we were connected.
    if ((*replies)[i].integer < static_cast<std::int64_t>(expected_[i]))
      return tl::unexpected(RedisFault::LostData);
  }
  return {};
}

void ShipSession::finish_window(std::size_t producer) {
  const auto fresh = std::ranges::count_if(
      window_, [&](const SpooledRecord& record) { return record.sequence > counted_[producer]; });
  counters_.delivered.add(static_cast<std::uint64_t>(fresh));
  counted_[producer] = std::max(counted_[producer], window_.back().sequence);
  reader_.delivered(producer, window_.back().sequence);
}

/// The earlier of our clock and the server's: a clock that is ahead, here or there, drops nothing too early.
tl::expected<WallTime, RedisFault> ShipSession::agreed_time() {
  const WallTime own = last_days_.now();
  commands_.clear();
  append_command(commands_, {"TIME"});
  const auto replies = client_.exchange(commands_, 1);
  if (!replies) return tl::unexpected(replies.error());
  const RedisReply& time = replies->front();
  if (time.is_error() && time.fault() != RedisFault::NoPermission) return tl::unexpected(time.fault());
  const auto seconds = time.items.empty() ? std::nullopt : ascii::parse_uint(time.items[0].text);
  if (!seconds) return own;  // it may not be asked
  return std::min(own, WallTime{std::chrono::seconds{*seconds}});
}

Done ShipSession::keep_retention() {
  const SteadyTime now = clock_.steady();
  if (retention_done_ && now - *retention_done_ < kRetentionEvery) return {};
  const auto time = agreed_time();
  if (!time) return tl::unexpected(time.error());
  for (const std::string& site : sites_) {
    const auto own = settings_.site_retention.find(site);
    const Retention& retention = own == settings_.site_retention.end() ? settings_.retention : own->second;
    const auto dropped = drop_old_days(client_, settings_.prefix, site, retention, *time);
    if (!dropped) return tl::unexpected(dropped.error());
    counters_.days_dropped.add(*dropped);
    if (*dropped > 0)
      log_info("retention: " + std::to_string(*dropped) + " days of site " + site + " dropped");
  }
  retention_done_ = now;
  return {};
}

/// A sign of life now and then, and how far the replicas are: only what a failover would keep is let go.
Done ShipSession::look_if_due() {
  const SteadyTime now = std::chrono::steady_clock::now();
  if (now - looked_ < kLookEvery) return {};
  const auto standings = client_.look();
  if (!standings) return tl::unexpected(standings.error());
  looked_ = now;
  if (const auto safe = replicas_.safe_until(clock_.steady(), *standings)) reader_.confirm(*safe);
  return {};
}

}  // namespace portvakt::logs
