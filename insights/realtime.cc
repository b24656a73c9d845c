// The last half hour, from the rows that have just arrived.
#include <algorithm>
#include <map>
#include <set>

#include "insights/batch_rows.h"
#include "insights/column_reports.h"
#include "insights/record_facts.h"
#include "insights/store_keys.h"

namespace portvakt::insights {
namespace {

constexpr std::int64_t kMinutes = static_cast<std::int64_t>(kRealtimeMinutes);
constexpr std::int64_t kActiveMinutes = 5;
constexpr std::size_t kMaxRealtimeRows = 10;

/// Page views of both tables in one form; a subject of 0 is nobody that is known.
constexpr std::string_view kRecent =
    "SELECT time / 60000, subject, 1, 1, kind, path, referrer, country FROM hits WHERE key >= ?1 AND key < "
    "?2 AND "
    "time >= ?3 * 60000 AND kind IN (0, 1) AND subject NOT IN (SELECT id FROM restricted JOIN subjects USING "
    "(site, "
    "subject) WHERE restricted.site = ?4) "
    "UNION ALL SELECT minute, 0, amount, flags & 1, 0, path, referrer, country FROM requests WHERE key >= ?1 "
    "AND "
    "key < ?2 AND minute >= ?3 AND kind = 0";

struct Group {
  Coverage coverage;
  std::int64_t views = 0;
};
using Groups = std::map<std::string, Group>;

std::vector<Row> ranked(const Groups& groups, int small_group) {
  std::vector<Row> rows;
  for (const auto& [name, group] : groups) {
    if (group.views < small_group) continue;
    auto& row = rows.emplace_back();
    row.name = name;
    row.figures.views = group.views;
    row.figures.coverage = group.coverage;
  }
  std::ranges::stable_sort(rows, std::greater<>(), [](const Row& row) { return row.figures.views; });
  rows.resize(std::min(rows.size(), kMaxRealtimeRows));
  return rows;
}

}  // namespace

Result<Realtime> ColumnReports::realtime(std::string_view site) {
  Query query;
  query.site = site;
  query.period = {today(site), today(site)};
  const auto asked = ask(query);
  if (!asked) return tl::unexpected(asked.error());
  Realtime answer;
  answer.now = clock_.wall();
  const auto minute = answer.now.time_since_epoch().count() / kMinuteMillis;
  const auto first = minute - kMinutes + 1;
  auto rows = database_->prepare(kRecent);
  if (!rows) return tl::unexpected(rows.error());
  rows->with(day_key(asked->site, utc_day(first * kMinuteMillis)),
             day_key(asked->site, utc_day(minute * kMinuteMillis) + 1), first, asked->site);
  std::set<std::int64_t> visitors, active;
  Groups pages, referrers, countries;
  const auto word = [&](int column) {
    return std::string(words_.text(static_cast<std::uint32_t>(rows->number(column))));
  };
  while (asked->site >= 0) {
    const auto row = rows->step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) break;
    const auto at = rows->number(0), subject = rows->number(1), amount = rows->number(2);
    if (at > minute) continue;  // another clock is ahead of ours
    answer.views[static_cast<std::size_t>(at - first)] += amount;
    const bool is_request = rows->number(4) == 0;
    const auto count = [&](Group& group) {
      group.views += amount;
      if (!is_request) return;
      group.coverage.all += amount;
      if (rows->number(3) != 0) group.coverage.consented += amount;
    };
    Group all;
    count(all);
    answer.coverage.all += all.coverage.all;
    answer.coverage.consented += all.coverage.consented;
    count(pages[word(5)]);
    count(countries[word(7)]);
    if (const auto referrer = word(6); referrer != "/") count(referrers[referrer]);
    if (subject == 0) continue;
    visitors.insert(subject);
    if (at > minute - kActiveMinutes) active.insert(subject);
  }
  answer.visitors = static_cast<std::int64_t>(visitors.size());
  answer.active = static_cast<std::int64_t>(active.size());
  answer.pages = ranked(pages, settings_.small_group);
  answer.referrers = ranked(referrers, settings_.small_group);
  answer.countries = ranked(countries, settings_.small_group);
  return answer;
}

}  // namespace portvakt::insights
