#include "insights/day_builder.h"

#include <algorithm>

#include "insights/batch_rows.h"
#include "insights/campaign.h"
#include "insights/request_groups.h"
#include "insights/store_keys.h"

namespace portvakt::insights {
namespace {

constexpr std::int64_t kQuarter = 15 * kMinuteMillis;
constexpr std::string_view kHits =
    "SELECT subject, time, kind, key, milliseconds, path, referrer, campaign, country, organisation, "
    "browser, "
    "version, system, device, screen, target FROM hits WHERE key >= ? AND key < ? AND time >= ? AND time < ?";
constexpr std::string_view kRequests =
    "SELECT minute, kind, status, flags, amount, path, referrer, campaign, country, organisation, browser, "
    "version, system, device FROM requests WHERE key >= ? AND key < ? AND minute >= ? AND minute < ?";
constexpr std::string_view kConsents =
    "SELECT minute, withdrawn, milliseconds, choice, how, purposes, policy, text, language, region, page "
    "FROM consents WHERE key >= ? AND key < ? AND minute >= ? AND minute < ?";
constexpr std::string_view kHeld =
    "SELECT vendor, sum(amount) FROM held WHERE key >= ? AND key < ? AND minute >= ? AND minute < ? GROUP BY "
    "vendor ORDER BY vendor";

std::uint32_t word_of(const Statement& query, int column) {
  return static_cast<std::uint32_t>(query.number(column));
}

template <typename OnRow>
Result<void> each_row(Statement& query, OnRow on_row) {
  while (true) {
    const auto row = query.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) break;
    on_row();
  }
  query.reset();
  return {};
}

std::uint8_t quarter_of(DaySpan span, std::int64_t time) {
  return static_cast<std::uint8_t>((time - span.begins) / kQuarter);
}

/// Rows that arrived by minutes, of one day of the site.
Result<Statement> select_minutes(Database& database, std::string_view sql, std::int64_t site, DaySpan span) {
  auto query = database.prepare(sql);
  if (query) {
    query->with(day_key(site, utc_day(span.begins)), day_key(site, utc_day(span.ends - 1) + 1),
                span.begins / kMinuteMillis, span.ends / kMinuteMillis);
  }
  return query;
}

}  // namespace

Result<std::int64_t> sum_versions(Database& database, std::int64_t site, Day first, Day last) {
  auto query = database.prepare(
      "SELECT coalesce(sum(version), 0) FROM versions WHERE site = ? AND day BETWEEN ? AND ?");
  if (!query) return tl::unexpected(query.error());
  if (const auto row = query->with(site, first, last).step(); !row) return tl::unexpected(row.error());
  return query->number(0);
}

Result<void> DayBuilder::read_restricted(std::int64_t site) {
  restricted_.clear();
  auto query = database_.prepare(
      "SELECT id FROM restricted JOIN subjects USING (site, subject) WHERE restricted.site = ?");
  if (!query) return tl::unexpected(query.error());
  query->with(site);
  return each_row(*query, [&] { restricted_.insert(word_of(*query, 0)); });
}

Result<void> DayBuilder::read_hits(std::int64_t site, std::int64_t from, std::int64_t to,
                                   std::vector<Hit>& hits) {
  auto query = database_.prepare(kHits);
  if (!query) return tl::unexpected(query.error());
  query->with(day_key(site, utc_day(from)), day_key(site, utc_day(to - 1) + 1), from, to);
  return each_row(*query, [&] {
    Hit hit;
    hit.subject = word_of(*query, 0);
    if (restricted_.contains(hit.subject)) return;
    hit.time = query->number(1);
    hit.kind = static_cast<HitKind>(query->number(2));
    hit.key = query->number(3);
    hit.milliseconds = query->number(4);
    for (std::size_t i = 0; i < Hit::Words; ++i) hit.words[i] = word_of(*query, static_cast<int>(i) + 5);
    hits.push_back(hit);
  });
}

Result<void> DayBuilder::build_visits_of(std::int64_t site, DaySpan span, PreparedDay& day) {
  VisitWords words{words_.find("/"), nullptr, &words_};
  words.channel = [](const void* table, std::uint32_t referrer, std::uint32_t campaign) {
    return static_cast<const WordTable*>(table)->channel(referrer, campaign);
  };
  const auto from = span.begins - kVisitGap;
  // First as far as most visits go; once more, with a day on top, if one goes on.
  auto to = span.ends + kVisitGap;
  std::vector<Hit> hits;
  while (true) {
    hits.clear();
    if (auto read = read_hits(site, from, to, hits); !read) return read;
    VisitColumns visits;
    const auto needed = build_visits(hits, span, words, visits);
    day.last = utc_day(to - 1);
    day.columns.visits = std::move(visits);
    if (needed <= to) break;
    to = span.ends + kVisitReach;
  }
  day.first = utc_day(std::max<std::int64_t>(from, 0));
  return build_requests(site, span, hits, day.columns.requests);
}

Result<void> DayBuilder::build_requests(std::int64_t site, DaySpan span, const std::vector<Hit>& hits,
                                        RequestColumns& out) {
  RequestGroups groups(words_);
  for (const auto& hit : hits) {
    if (!hit.is_view() || hit.time < span.begins || hit.time >= span.ends) continue;
    RequestGroup group{quarter_of(span, hit.time), RequestKind::PageView, kConsented, 200, {}};
    if (hit.kind == HitKind::ViewEvent) group.kind = RequestKind::ViewEvent;
    if (hit.kind == HitKind::View) group.status = static_cast<std::uint16_t>(hit.milliseconds);
    std::copy_n(hit.words.begin(), group.words.size(), group.words.begin());
    groups.add(group, 1);
  }
  auto query = select_minutes(database_, kRequests, site, span);
  if (!query) return tl::unexpected(query.error());
  auto read = each_row(*query, [&] {
    RequestGroup group{quarter_of(span, query->number(0) * kMinuteMillis),
                       static_cast<RequestKind>(query->number(1)),
                       static_cast<std::uint8_t>(query->number(3)),
                       static_cast<std::uint16_t>(query->number(2)),
                       {}};
    for (std::size_t i = 0; i < group.words.size(); ++i)
      group.words[i] = word_of(*query, static_cast<int>(i) + 5);
    groups.add(group, static_cast<std::uint32_t>(query->number(4)));
  });
  if (read) groups.write(out);
  return read;
}

Result<void> DayBuilder::build_consents(std::int64_t site, DaySpan span, ConsentColumns& out) {
  auto query = select_minutes(database_, kConsents, site, span);
  if (!query) return tl::unexpected(query.error());
  ColumnWriter choice(out.choice), how(out.how), purposes(out.purposes), policy(out.policy), text(out.text),
      language(out.language), region(out.region), page(out.page);
  return each_row(*query, [&] {
    out.quarter.push_back(quarter_of(span, query->number(0) * kMinuteMillis));
    out.withdrawn.push_back(query->number(1) != 0 ? 1 : 0);
    const auto milliseconds = query->number(2);
    out.milliseconds.push_back(milliseconds < 0 ? kUnknownTime : static_cast<std::uint32_t>(milliseconds));
    int column = 3;
    for (auto* writer : {&choice, &how, &purposes, &policy, &text, &language, &region, &page})
      writer->add(word_of(*query, column++));
  });
}

Result<void> DayBuilder::build_held(std::int64_t site, DaySpan span, DayColumns& out) {
  auto query = select_minutes(database_, kHeld, site, span);
  if (!query) return tl::unexpected(query.error());
  ColumnWriter vendor(out.held);
  return each_row(*query, [&] {
    vendor.add(word_of(*query, 0));
    out.held_amount.push_back(static_cast<std::uint32_t>(query->number(1)));
  });
}

Result<PreparedDay> DayBuilder::build(std::int64_t site, Day day, const TimeZone& zone) {
  const DaySpan span{zone.begin(day).time_since_epoch().count(),
                     zone.begin(day + 1).time_since_epoch().count()};
  PreparedDay prepared;
  if (auto read = read_restricted(site); !read) return tl::unexpected(read.error());
  if (auto built = build_visits_of(site, span, prepared); !built) return tl::unexpected(built.error());
  if (auto built = build_consents(site, span, prepared.columns.consents); !built)
    return tl::unexpected(built.error());
  if (auto built = build_held(site, span, prepared.columns); !built) return tl::unexpected(built.error());
  const auto version = sum_versions(database_, site, prepared.first, prepared.last);
  if (!version) return tl::unexpected(version.error());
  prepared.version = *version;
  prepared.columns.add_up();
  return prepared;
}

}  // namespace portvakt::insights
