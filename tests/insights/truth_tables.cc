#include <algorithm>
#include <map>

#include "tests/insights/truth_words.h"

namespace portvakt::insights::truth {

Table Truth::table(const Query& query, Dimension by, const TableOptions& options) const {
  struct Group {
    Figures figures;
    std::set<std::string> visitors;
    std::int64_t events = 0;
  };
  std::map<std::string, Group> groups;
  const bool deeds = by == Dimension::Outbound || by == Dimension::Download || by == Dimension::Form ||
                     by == Dimension::GoalReached;
  const bool of_views = by == Dimension::Page || by == Dimension::Section;
  bool exact = true;
  for (const auto& filter : query.filters) exact = exact && !only_visits(filter.by);
  for (const auto& visit : visits_) {
    if (by >= Dimension::Status || !chosen(visit, query)) continue;
    const auto values = values_of(visit, by);
    for (const auto& value : std::set<std::string>(values.begin(), values.end())) {
      auto& group = groups[value];
      auto& figures = group.figures;
      ++figures.visits;
      figures.bounces += visit.bounce ? 1 : 0;
      figures.visit_milliseconds += visit.length;
      group.visitors.insert(visit.visitor);
      for (const auto& view : visit.views) {
        if (of_views && (by == Dimension::Page ? view.path : section(view.path)) != value) continue;
        ++figures.visit_views;
        if (view.stayed < 0) continue;
        ++figures.timed_views;
        figures.view_milliseconds += view.stayed;
      }
      if (by != Dimension::GoalReached) {
        group.events += std::count(values.begin(), values.end(), value);
      } else {
        for (const auto& goal : goals)
          if (goal.name == value) group.events += times_met(visit, goal.condition);
      }
    }
  }
  for (const auto& request : known_) {
    const auto except = by >= Dimension::Status ? std::nullopt : std::optional(by);
    if (only_visits(by) || !chosen(request, query, except)) continue;
    std::string value;
    const bool missing = request.status == 404 || request.status == 410;
    const bool redirect = request.status >= 300 && request.status < 400 && request.status != 304;
    if (by >= Dimension::Status) {
      if (request.event) continue;
      if (request.bot != (by == Dimension::Bot || by == Dimension::BotPage)) continue;
      if (by == Dimension::NotFound && !missing) continue;
      if (by == Dimension::Redirect && !redirect) continue;
      value = by == Dimension::Status ? std::to_string(request.status)
              : by == Dimension::Bot  ? request.values.at(Dimension::Browser)
                                      : request.path;
    } else {
      if (!request.page) continue;
      value = by == Dimension::Page      ? request.path
              : by == Dimension::Section ? section(request.path)
              : request.values.count(by) ? request.values.at(by)
                                         : "";
      if ((by == Dimension::Referrer && value == "/") || (by == Dimension::Channel && value == "internal"))
        continue;
    }
    auto& figures = groups[value].figures;
    ++figures.views;
    if (request.event) continue;
    ++figures.coverage.all;
    figures.coverage.consented += request.consented ? 1 : 0;
  }
  Table table;
  table.by = by;
  std::set<std::string> others;
  for (auto& [name, group] : groups) {
    group.figures.visitors = static_cast<std::int64_t>(group.visitors.size());
    group.figures.coverage.exact = exact;
    const auto add_visits = [&] {
      auto& o = table.other;
      const auto& f = group.figures;
      o.visits += f.visits, o.visit_views += f.visit_views, o.bounces += f.bounces;
      o.visit_milliseconds += f.visit_milliseconds, o.timed_views += f.timed_views;
      o.view_milliseconds += f.view_milliseconds;
      others.insert(group.visitors.begin(), group.visitors.end());
    };
    const bool alone = by >= Dimension::Status;
    const bool folds = !alone || by == Dimension::NotFound || by == Dimension::Redirect;
    const bool many = group.figures.visitors >= small_group;
    const bool few = !alone && group.figures.visitors > 0 && !many;
    if (!many && folds && !((exact || alone) && group.figures.views >= small_group)) {
      if (!alone) add_visits();
      ++table.folded;
      table.other.views += group.figures.views;
      table.other.coverage.all += group.figures.coverage.all;
      table.other.coverage.consented += group.figures.coverage.consented;
      continue;
    }
    Row row{name, group.figures, std::nullopt};
    if (few) {
      add_visits();
      Figures kept;
      kept.views = row.figures.views, kept.coverage = row.figures.coverage, kept.few = true;
      row.figures = kept;
      group.events = 0;
    }
    table.rows.push_back(row);
  }
  table.other.visitors = static_cast<std::int64_t>(others.size());
  table.other.coverage.exact = exact || by >= Dimension::Status;
  if (table.other.visitors > 0 && table.other.visitors < small_group) {
    Figures kept;
    kept.views = table.other.views, kept.coverage = table.other.coverage, kept.few = true;
    table.other = kept;
  }
  std::erase_if(table.rows,
                [&](const Row& row) { return row.name.find(options.contains) == std::string::npos; });
  std::stable_sort(table.rows.begin(), table.rows.end(), [&](const Row& a, const Row& b) {
    const auto rank = [&](const Row& row) {
      if (by >= Dimension::Status) return row.figures.views;
      if (options.order == Order::Views) return row.figures.few ? std::int64_t{0} : row.figures.views;
      return options.order == Order::Time ? row.figures.view_milliseconds : row.figures.visits;
    };
    return std::tuple(-rank(a), -a.figures.views, a.name) < std::tuple(-rank(b), -b.figures.views, b.name);
  });
  table.groups = table.rows.size();
  table.rows.erase(table.rows.begin(), table.rows.begin() + static_cast<std::ptrdiff_t>(
                                                                std::min(options.offset, table.rows.size())));
  table.rows.resize(std::min(options.limit, table.rows.size()));
  for (const auto& row : table.rows)
    if (deeds) table.events.push_back(row.figures.few ? 0 : groups[row.name].events);
  return table;
}

std::vector<GoalRow> Truth::goal_rows(const Query& query) const {
  std::vector<GoalRow> rows;
  std::int64_t all = 0;
  for (const auto& visit : visits_) all += chosen(visit, query) ? 1 : 0;
  for (const auto& goal : goals) {
    GoalRow row;
    row.goal = goal;
    std::set<std::string> visitors;
    for (const auto& visit : visits_) {
      const auto times = chosen(visit, query) ? times_met(visit, goal.condition) : 0;
      if (times == 0) continue;
      ++row.visits, row.completions += times;
      visitors.insert(visit.visitor);
    }
    for (const auto& request : known_)
      if (goal.condition.kind == GoalKind::Page && request.page && !request.event &&
          chosen(request, query, std::nullopt) && pattern_fits(goal.condition.pattern, request.path))
        ++row.everybody;
    row.visitors = static_cast<std::int64_t>(visitors.size());
    row.rate = all > 0 ? static_cast<double>(row.visits) / static_cast<double>(all) : 0;
    if (!query.filters.empty() && row.visitors < small_group) {
      row.few = true;
      row.visits = row.visitors = row.completions = 0, row.rate = 0;
      if (row.everybody < small_group) row.everybody = 0;
    }
    rows.push_back(row);
  }
  return rows;
}

std::vector<FunnelStepRow> Truth::funnel(const Query& query, const Funnel& funnel) const {
  std::vector<FunnelStepRow> rows;
  std::vector<std::set<std::string>> visitors(funnel.steps.size());
  for (const auto& step : funnel.steps) rows.push_back({step.name, 0, false});
  for (const auto& visit : visits_) {
    if (!chosen(visit, query)) continue;
    std::multimap<std::int64_t, std::pair<GoalKind, std::string>> line;
    for (const auto& view : visit.views) line.emplace(view.time, std::pair(GoalKind::Page, view.path));
    for (const auto& deed : visit.deeds)
      line.emplace(deed.time, std::pair(deed.kind == "outbound"   ? GoalKind::Outbound
                                        : deed.kind == "download" ? GoalKind::Download
                                                                  : GoalKind::Form,
                                        deed.target));
    std::size_t step = 0;
    for (const auto& [time, deed] : line) {
      if (step == rows.size()) break;
      const auto& condition = funnel.steps[step].condition;
      if (condition.kind != deed.first || !pattern_fits(condition.pattern, deed.second)) continue;
      ++rows[step].visits;
      visitors[step++].insert(visit.visitor);
    }
  }
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (!query.filters.empty() && visitors[i].size() < static_cast<std::size_t>(small_group))
      rows[i].visits = 0, rows[i].few = true;
  return rows;
}

ConsentRow Truth::consent(const Query& query) const {
  ConsentRow sums;
  for (const auto& choice : choices) {
    if (!query.period.holds(local_day(choice.time))) continue;
    ++sums.chosen;
    sums.accepted += choice.choice == "accept-all" ? 1 : 0;
    sums.rejected += choice.choice == "reject-all" ? 1 : 0;
    sums.selected += choice.choice == "selected" ? 1 : 0;
    sums.analytics += choice.purposes.find("analytics") != std::string::npos ? 1 : 0;
  }
  return sums;
}

}  // namespace portvakt::insights::truth
