#include "proxy/logs/subjects/subject_store.h"

#include <algorithm>
#include <array>

#include "proxy/base/ascii.h"
#include "proxy/logs/records/subject.h"
#include "proxy/logs/redis/redis_ask.h"
#include "proxy/logs/redis/redis_command.h"
#include "proxy/logs/shipping/visitor_index.h"
#include "proxy/logs/subjects/erasure_scripts.h"

namespace portvakt::logs {
namespace {

constexpr std::size_t kRowsAtOnce = 128;
constexpr std::string_view kReceiptsAtOnce = "1000";
/// Entries of the audit trail that are kept, about.
constexpr std::string_view kAuditLength = "100000";

std::string time_of(WallTime time) {
  return std::to_string(time.time_since_epoch().count());
}

struct Kind {
  RecordKind kind;
  std::string DayKeys::* stream;
  std::string DayKeys::* index;
};
constexpr std::array kKinds = {
    Kind{RecordKind::Access, &DayKeys::requests, &DayKeys::visitors},
    Kind{RecordKind::Consent, &DayKeys::consents, &DayKeys::consent_visitors},
    Kind{RecordKind::Event, &DayKeys::events, &DayKeys::event_visitors},
};

std::vector<std::pair<std::string, std::string>> fields_of(RedisReply& entry) {
  std::vector<std::pair<std::string, std::string>> fields;
  auto& words = entry.items[1].items;
  for (std::size_t i = 0; i + 1 < words.size(); i += 2)
    fields.emplace_back(std::move(words[i].text), std::move(words[i + 1].text));
  return fields;
}

}  // namespace

std::string_view SubjectRow::value(std::string_view name) const {
  const auto found = std::ranges::find(fields, name, &std::pair<std::string, std::string>::first);
  return found == fields.end() ? std::string_view() : std::string_view(found->second);
}

std::string_view actor_name(Actor actor) {
  return actor == Actor::Visitor ? "visitor" : "operator";
}

SubjectStore::Answer<std::vector<std::string>> SubjectStore::days(std::string_view site) {
  const auto found = ask(client_, {"ZRANGE", days_key(prefix_, site), "0", "-1"});
  if (!found) return tl::unexpected(found.error());
  std::vector<std::string> days;
  for (const auto& day : found->items) {
    if (is_day_text(day.text)) days.push_back(day.text);
  }
  return days;
}

SubjectStore::Answer<std::vector<SubjectStore::Place>> SubjectStore::find(std::string_view site,
                                                                          std::string_view subject) {
  const auto all = days(site);
  if (!all) return tl::unexpected(all.error());
  std::string commands;
  for (const auto& day : *all) {
    const DayKeys keys = day_keys(prefix_, site, day);
    for (const Kind& kind : kKinds) append_command(commands, {"HGET", keys.*kind.index, subject});
  }
  const auto values = ask_all(client_, commands, all->size() * kKinds.size());
  if (!values) return tl::unexpected(values.error());
  std::vector<Place> places;
  for (std::size_t i = 0; i < values->size(); ++i) {
    const std::string& day = (*all)[i / kKinds.size()];
    const Kind& kind = kKinds[i % kKinds.size()];
    const DayKeys keys = day_keys(prefix_, site, day);
    const IndexValue newest = parse_index((*values)[i].text);
    for (std::uint64_t part = 1; part <= newest.moved; ++part) {
      const std::string field = std::string(subject) + ":" + std::to_string(part);
      const auto older = ask(client_, {"HGET", keys.*kind.index, field});
      if (!older) return tl::unexpected(older.error());
      for (auto& entry : parse_index(older->text).entries)
        places.push_back({kind.kind, day, keys.*kind.stream, std::move(entry)});
    }
    for (const auto& entry : newest.entries) places.push_back({kind.kind, day, keys.*kind.stream, entry});
  }
  return places;
}

SubjectStore::Answer<bool> SubjectStore::read_some(const std::vector<Place>& places, std::size_t from,
                                                   std::size_t to, const RowSink& sink, std::size_t& count) {
  std::string commands;
  for (std::size_t i = from; i < to; ++i)
    append_command(commands, {"XRANGE", places[i].stream, places[i].entry, places[i].entry});
  auto replies = ask_all(client_, commands, to - from);
  if (!replies) return tl::unexpected(replies.error());
  for (std::size_t i = from; i < to; ++i) {
    auto& found = (*replies)[i - from].items;
    if (found.size() != 1 || found[0].items.size() != 2) continue;  // gone since the index was read
    ++count;
    if (!sink({places[i].kind, places[i].day, places[i].entry, fields_of(found[0])})) return false;
  }
  return true;
}

SubjectStore::Answer<std::size_t> SubjectStore::read(std::string_view site, std::string_view subject,
                                                     const RowSink& sink) {
  const auto places = find(site, subject);
  if (!places) return tl::unexpected(places.error());
  std::size_t count = 0;
  for (std::size_t at = 0; at < places->size(); at += kRowsAtOnce) {
    const auto more = read_some(*places, at, std::min(at + kRowsAtOnce, places->size()), sink, count);
    if (!more) return tl::unexpected(more.error());
    if (!*more) break;
  }
  return count;
}

SubjectStore::Answer<void> SubjectStore::note(std::string_view site, std::string_view what, Actor by,
                                              WallTime now, std::size_t rows) {
  const auto done =
      ask(client_, {"XADD", site_key(prefix_, site, "audit"), "MAXLEN", "~", kAuditLength, "*", "t",
                    time_of(now), "what", what, "by", actor_name(by), "rows", std::to_string(rows)});
  if (!done) return tl::unexpected(done.error());
  return {};
}

SubjectStore::Answer<void> SubjectStore::restrict(std::string_view site, std::string_view subject,
                                                  WallTime now, Actor by) {
  const auto entered = ask(client_, {"HSETNX", site_key(prefix_, site, "restricted"), subject, time_of(now)});
  if (!entered) return tl::unexpected(entered.error());
  if (entered->integer == 0) return {};  // it is, and since earlier
  return note(site, "restrict", by, now, 0);
}

SubjectStore::Answer<bool> SubjectStore::release(std::string_view site, std::string_view subject,
                                                 WallTime now, Actor by) {
  const auto gone = ask(client_, {"HDEL", site_key(prefix_, site, "restricted"), subject});
  if (!gone) return tl::unexpected(gone.error());
  if (gone->integer == 0) return false;
  if (auto noted = note(site, "release", by, now, 0); !noted) return tl::unexpected(noted.error());
  return true;
}

SubjectStore::Answer<std::optional<WallTime>> SubjectStore::restricted_since(std::string_view site,
                                                                             std::string_view subject) {
  const auto found = ask(client_, {"HGET", site_key(prefix_, site, "restricted"), subject});
  if (!found) return tl::unexpected(found.error());
  const auto since = ascii::parse_uint(found->text);
  if (!since) return std::nullopt;
  return WallTime{std::chrono::milliseconds{static_cast<std::int64_t>(*since)}};
}

SubjectStore::Answer<bool> SubjectStore::order_erasure(std::string_view site, std::string_view subject,
                                                       std::string_view id, WallTime now, WallTime before,
                                                       Actor by) {
  const std::string orders = site_key(prefix_, site, "orders"), erasing = site_key(prefix_, site, "erasing"),
                    erasures = site_key(prefix_, site, "erasures"), audit = site_key(prefix_, site, "audit");
  const std::string time = time_of(now), limit = time_of(before);
  const auto entered = ask_script(client_, order_script(), {orders, erasing, erasures, audit},
                                  {subject, limit, time, id, site, actor_name(by), kAuditLength});
  if (!entered) return tl::unexpected(entered.error());
  return entered->integer == 1;
}

SubjectStore::Answer<std::string> SubjectStore::find_receipt(std::string_view site,
                                                             std::string_view receipt) {
  const auto all = days(site);
  if (!all) return tl::unexpected(all.error());
  for (auto day = all->rbegin(); day != all->rend(); ++day) {
    const DayKeys keys = day_keys(prefix_, site, *day);
    for (std::string from = "-";;) {
      auto page = ask(client_, {"XRANGE", keys.consents, from, "+", "COUNT", kReceiptsAtOnce});
      if (!page) return tl::unexpected(page.error());
      if (page->items.empty()) break;
      from = "(" + page->items.back().items[0].text;
      for (auto& entry : page->items) {
        const SubjectRow row{RecordKind::Consent, *day, entry.items[0].text, fields_of(entry)};
        if (row.value("receipt") != receipt) continue;
        const auto visitor = row.value("visitor");
        return visitor.empty() ? std::string() : subject_of(site, visitor);
      }
    }
  }
  return std::string();
}

}  // namespace portvakt::logs
