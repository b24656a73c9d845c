#include "tests/insights/truth.h"

#include <algorithm>
#include <cstdlib>
#include <ctime>

#include "tests/insights/truth_words.h"

namespace portvakt::insights::truth {

Day local_day(std::int64_t milliseconds) {
  const auto parts = local(milliseconds);
  return civil(parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday);
}

int local_hour(std::int64_t milliseconds) {
  return local(milliseconds).tm_hour;
}

bool Truth::gone(const std::string& visitor, std::int64_t time) const {
  const auto found = erased.find(visitor);
  return restricted.contains(visitor) || (found != erased.end() && time < found->second);
}

void Truth::settle(const char* zone) {
  ::setenv("TZ", zone, 1);
  ::tzset();
  known_.clear();
  for (const auto& request : requests)
    if (request.visitor.empty() || !gone(request.visitor, request.time)) known_.push_back(request);
  for (auto& request : known_) request.day = local_day(request.time);
  make_visits();
  for (auto& visit : visits_) visit.day = local_day(visit.begin);
}

void Truth::make_visits() {
  visits_.clear();
  std::map<std::string, std::vector<const Request*>> views;
  for (const auto& request : known_)
    if (!request.visitor.empty()) views[request.visitor].push_back(&request);
  std::map<std::string, std::vector<Visit*>> of;
  std::vector<std::vector<Visit>> all;
  for (auto& [visitor, list] : views) {
    std::sort(list.begin(), list.end(), [](auto* a, auto* b) { return a->time < b->time; });
    all.emplace_back();
    for (const auto* view : list) {
      auto& visits = all.back();
      if (visits.empty() || view->time - visits.back().views.back().time >= kHalfHour) {
        Visit visit;
        visit.begin = view->time, visit.visitor = visitor, visit.values = view->values;
        if (visit.values[Dimension::Referrer] == "/") visit.values[Dimension::Referrer].clear();
        if (visit.values[Dimension::Channel] == "internal") visit.values[Dimension::Channel] = "direct";
        visits.push_back(visit);
      }
      visits.back().views.push_back({view->time, view->path, -1});
    }
    for (auto& visit : all.back()) of[visitor].push_back(&visit);
  }
  std::vector<Event> sorted;
  for (const auto& event : events)
    if (!gone(event.visitor, event.time)) sorted.push_back(event);
  std::sort(sorted.begin(), sorted.end(), [](const Event& a, const Event& b) { return a.time < b.time; });
  std::map<const Visit*, std::map<std::size_t, std::int64_t>> left;
  for (const auto& event : sorted) {
    for (auto* visit : of[event.visitor]) {
      // Of its visit: after a view of it, less than half an hour after the last one before the event.
      std::size_t before = 0;
      while (before < visit->views.size() && visit->views[before].time <= event.time) ++before;
      if (before == 0 || event.time - visit->views[before - 1].time >= kHalfHour) continue;
      if (visit->values[Dimension::Screen].empty()) visit->values[Dimension::Screen] = event.screen;
      if (event.kind != "leave") {
        visit->deeds.push_back(event);
        continue;
      }
      auto& known = left[visit];
      for (auto i = before; i-- > 0;) {
        if (visit->views[i].path != event.path || known.contains(i)) continue;
        known[i] = event.milliseconds;
        break;
      }
    }
  }
  for (auto& group : all) {
    for (auto& visit : group) {
      const auto& known = left[&visit];
      for (std::size_t i = 0; i < visit.views.size(); ++i) {
        if (known.contains(i)) {
          visit.views[i].stayed = known.at(i);
        } else if (i + 1 < visit.views.size()) {
          visit.views[i].stayed = visit.views[i + 1].time - visit.views[i].time;
        }
      }
      const auto last = visit.views.size() - 1;
      visit.length = visit.views[last].time - visit.begin + (known.contains(last) ? known.at(last) : 0);
      visit.bounce = visit.views.size() == 1 && visit.deeds.empty();
      visit.values[Dimension::Entry] = visit.views.front().path;
      visit.values[Dimension::Exit] = visit.views.back().path;
      visits_.push_back(visit);
    }
  }
}

std::int64_t Truth::times_met(const Visit& visit, const Condition& condition) const {
  std::int64_t times = 0;
  if (condition.kind == GoalKind::Page)
    for (const auto& view : visit.views) times += pattern_fits(condition.pattern, view.path) ? 1 : 0;
  const char* kind = condition.kind == GoalKind::Outbound   ? "outbound"
                     : condition.kind == GoalKind::Download ? "download"
                                                            : "form";
  for (const auto& deed : visit.deeds)
    if (condition.kind != GoalKind::Page && deed.kind == kind && pattern_fits(condition.pattern, deed.target))
      ++times;
  return times;
}

std::vector<std::string> Truth::values_of(const Visit& visit, Dimension by) const {
  std::vector<std::string> values;
  if (by == Dimension::Page || by == Dimension::Section) {
    for (const auto& view : visit.views)
      values.push_back(by == Dimension::Page ? view.path : section(view.path));
  } else if (by == Dimension::Outbound || by == Dimension::Download || by == Dimension::Form) {
    for (const auto& deed : visit.deeds)
      if (deed.kind == event_name(by)) values.push_back(deed.target);
  } else if (by == Dimension::GoalReached) {
    for (const auto& goal : goals)
      if (times_met(visit, goal.condition) > 0) values.push_back(goal.name);
  } else if (const auto found = visit.values.find(by); found != visit.values.end()) {
    values.push_back(found->second);
  } else {
    values.emplace_back();
  }
  return values;
}

bool Truth::chosen(const Visit& visit, const Query& query) const {
  if (!query.period.holds(visit.day)) return false;
  for (const auto& filter : query.filters) {
    if (filter.by >= Dimension::Status) return false;
    const auto values = values_of(visit, filter.by);
    const bool any = std::any_of(values.begin(), values.end(),
                                 [&](const auto& value) { return text_fits(filter, value); });
    if (any == (filter.match == Match::IsNot)) return false;
  }
  return true;
}

bool Truth::chosen(const Request& request, const Query& query, std::optional<Dimension> except) const {
  if (!query.period.holds(request.day)) return false;
  for (const auto& filter : query.filters) {
    if (only_visits(filter.by) || filter.by == except) continue;
    bool any = false;
    if (filter.by == Dimension::Status) {
      const auto status = std::to_string(request.status);
      any = text_fits(filter, status) || text_fits(filter, status.substr(0, 1) + "xx");
    } else {
      std::string value;
      if (filter.by == Dimension::Page) {
        value = request.path;
      } else if (filter.by == Dimension::Section) {
        value = section(request.path);
      } else if (const auto found = request.values.find(filter.by); found != request.values.end()) {
        value = found->second;
      } else if (filter.by == Dimension::Channel) {
        value = "direct";
      }
      const bool inside = filter.by == Dimension::Referrer && value == "/";
      any = !inside && text_fits(filter, value) && !(filter.by == Dimension::Channel && value == "internal");
    }
    if (any == (filter.match == Match::IsNot)) return false;
  }
  return true;
}

Figures Truth::figures_of(const std::vector<const Visit*>& visits, const std::vector<const Request*>& views,
                          const Query& query) const {
  Figures figures;
  std::set<std::string> visitors;
  for (const auto* visit : visits) {
    visitors.insert(visit->visitor);
    ++figures.visits;
    figures.bounces += visit->bounce ? 1 : 0;
    figures.visit_milliseconds += visit->length;
    for (const auto& view : visit->views) {
      ++figures.visit_views;
      if (view.stayed < 0) continue;
      ++figures.timed_views;
      figures.view_milliseconds += view.stayed;
    }
  }
  figures.visitors = static_cast<std::int64_t>(visitors.size());
  for (const auto* view : views) {
    ++figures.views;
    if (view->event) continue;
    ++figures.coverage.all;
    figures.coverage.consented += view->consented ? 1 : 0;
  }
  for (const auto& filter : query.filters)
    if (only_visits(filter.by)) figures.coverage.exact = false;
  if (query.filters.empty()) return figures;
  if (figures.visitors < small_group) {
    Figures kept;
    kept.views = figures.views, kept.coverage = figures.coverage, kept.few = true;
    figures = kept;
  }
  if (figures.coverage.all < small_group) {
    figures.views = 0;
    figures.coverage.all = figures.coverage.consented = 0;
  }
  return figures;
}

Totals Truth::totals(const Query& query) const {
  std::vector<const Visit*> visits;
  std::vector<const Request*> views;
  Totals totals;
  for (const auto& visit : visits_)
    if (chosen(visit, query)) visits.push_back(&visit);
  for (const auto& request : known_) {
    if (!chosen(request, query, std::nullopt)) continue;
    if (request.page) views.push_back(&request);
    if (request.event) continue;
    auto& sums = totals.requests;
    if (request.bot) {
      ++sums.bots;
      continue;
    }
    ++sums.requests;
    sums.consented += request.consented ? 1 : 0;
    sums.not_found += request.status == 404 || request.status == 410 ? 1 : 0;
    sums.redirects += request.status >= 300 && request.status < 400 && request.status != 304 ? 1 : 0;
    sums.errors += request.status >= 500 ? 1 : 0;
  }
  totals.figures = figures_of(visits, views, query);
  return totals;
}

std::vector<Figures> Truth::series(const Query& query, Granularity granularity) const {
  // By a name of the step that sorts as time does.
  using Step = std::tuple<Day, std::int64_t>;
  const auto step_of = [&](std::int64_t time) -> Step {
    const Day day = local_day(time);
    if (granularity == Granularity::Hours) return {day, hour_begin(time)};
    if (granularity == Granularity::Weeks) return {std::max(query.period.first, day - (day + 3) % 7), 0};
    const auto parts = local(time);
    if (granularity == Granularity::Months)
      return {std::max(query.period.first, civil(parts.tm_year + 1900, parts.tm_mon + 1, 1)), 0};
    return {day, 0};
  };
  std::map<Step, std::pair<std::vector<const Visit*>, std::vector<const Request*>>> steps;
  // Every step of the period, by its quarters of an hour.
  for (auto time = (query.period.first - 2) * 86'400'000; time < (query.period.last + 3) * 86'400'000;
       time += 900'000)
    if (query.period.holds(local_day(time))) steps[step_of(time)];
  for (const auto& visit : visits_)
    if (chosen(visit, query)) steps[step_of(visit.begin)].first.push_back(&visit);
  for (const auto& request : known_)
    if (request.page && chosen(request, query, std::nullopt))
      steps[step_of(request.time)].second.push_back(&request);
  std::vector<Figures> series;
  for (const auto& [step, rows] : steps) series.push_back(figures_of(rows.first, rows.second, query));
  return series;
}

}  // namespace portvakt::insights::truth
