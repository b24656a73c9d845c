#include "insights/day_cache.h"

#include <algorithm>

#include "insights/store_keys.h"

namespace portvakt::insights {

/// Days of UTC that a day of the calendar can rest on: it reaches a day beyond its end, and clocks differ.
constexpr Day kAround = 3;

Result<void> DayCache::look_at_versions(std::int64_t site, Period utc) {
  first_version_ = utc.first;
  versions_.assign(static_cast<std::size_t>(utc.days()) + 1, 0);
  auto query = database_.prepare("SELECT day, version FROM versions WHERE site = ? AND day BETWEEN ? AND ?");
  if (!query) return tl::unexpected(query.error());
  query->with(site, utc.first, utc.last);
  while (true) {
    const auto row = query->step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) break;
    versions_[static_cast<std::size_t>(query->number(0) - utc.first) + 1] = query->number(1);
  }
  for (std::size_t i = 1; i < versions_.size(); ++i) versions_[i] += versions_[i - 1];
  return {};
}

std::int64_t DayCache::version(Day first, Day last) const {
  const auto at = [&](Day day) {
    const auto place = std::clamp<Day>(day - first_version_, 0, static_cast<Day>(versions_.size()) - 1);
    return versions_[static_cast<std::size_t>(place)];
  };
  return at(last + 1) - at(first);
}

Result<void> DayCache::look(std::int64_t site, std::string_view zone, Period period) {
  const Period utc{std::max<Day>(period.first - kAround, 0), period.last + kAround};
  if (auto looked = look_at_versions(site, utc); !looked) return looked;
  stored_.clear();
  auto query = database_.prepare(
      "SELECT day, zone, first, last, version, frozen FROM prepared WHERE site = ? AND day BETWEEN ? AND ?");
  if (!query) return tl::unexpected(query.error());
  query->with(site, period.first, period.last);
  while (true) {
    const auto row = query->step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return {};
    const bool frozen = query->number(5) != 0;
    if (!frozen && query->bytes(1) != zone) continue;
    stored_[query->number(0)] = {query->number(2), query->number(3), query->number(4), frozen};
  }
}

Result<PreparedDay> DayCache::load(std::int64_t site, Day day, const Stored& stored) {
  auto query = database_.prepare("SELECT columns FROM prepared WHERE site = ? AND day = ?");
  if (!query) return tl::unexpected(query.error());
  const auto row = query->with(site, day).step();
  if (!row) return tl::unexpected(row.error());
  auto columns = *row ? decode_columns(query->bytes(0)) : std::nullopt;
  if (!columns) return failure(ErrorKind::Io, "reports store: a prepared day is damaged");
  return PreparedDay{std::move(*columns), stored.first, stored.last, stored.version};
}

Result<const DayColumns*> DayCache::find(std::int64_t site, Day day, const TimeZone& zone) {
  const auto known = entries_.find({site, day});
  const auto stored = stored_.find(day);
  const bool frozen = stored != stored_.end() && stored->second.frozen;
  const auto stands = [&](const auto& of) { return version(of.first, of.last) == of.version; };
  if (known != entries_.end()) {
    auto& entry = known->second;
    if (entry.frozen ? frozen : !frozen && stands(entry.prepared)) {
      entry.used = ++clock_;
      return &entry.prepared.columns;
    }
    bytes_ -= entry.bytes;
    entries_.erase(known);
  }
  const bool usable = stored != stored_.end() && (frozen || stands(stored->second));
  if (!usable) {
    const auto first = utc_day(zone.begin(day).time_since_epoch().count());
    const auto last = utc_day(zone.begin(day + 1).time_since_epoch().count() - 1);
    if (version(first, last) == 0) return nullptr;
  }
  auto prepared = usable ? load(site, day, stored->second) : Result<PreparedDay>(tl::unexpected(Error{}));
  // A damaged one is made anew, unless it is all that there is.
  if (!prepared && !frozen) prepared = DayBuilder(database_, words_).build(site, day, zone);
  if (!prepared) return tl::unexpected(prepared.error());
  make_room();
  auto& entry = entries_[{site, day}];
  entry = {std::move(*prepared), frozen, 0, ++clock_};
  entry.bytes = entry.prepared.columns.bytes();
  bytes_ += entry.bytes;
  return &entry.prepared.columns;
}

void DayCache::make_room() {
  while (bytes_ > settings_.cache_bytes && !entries_.empty()) {
    const auto oldest =
        std::ranges::min_element(entries_, {}, [](const auto& entry) { return entry.second.used; });
    bytes_ -= oldest->second.bytes;
    entries_.erase(oldest);
  }
}

Result<void> DayCache::each(std::int64_t site, std::string_view site_name, Period period,
                            const OnDay& on_day) {
  const auto& zone = settings_.zone(site_name);
  if (auto looked = look(site, zone.name(), period); !looked) return looked;
  for (Day day = period.first; day <= period.last; ++day) {
    const auto columns = find(site, day, zone);
    if (!columns) return tl::unexpected(columns.error());
    if (*columns != nullptr) on_day(day, **columns);
  }
  return {};
}

}  // namespace portvakt::insights
