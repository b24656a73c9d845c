// Goals and funnels.
#include <algorithm>
#include <deque>

#include "insights/batch_rows.h"
#include "insights/column_reports.h"
#include "insights/column_sums.h"

namespace portvakt::insights {
namespace {

/// What meets the conditions in one visit, in the order of time.
struct Deed {
  std::uint32_t time = 0;
  std::uint8_t kind = 0;  // HitKind; 0: a page view
  std::uint16_t code = 0;
};

/// How far each visit comes through the steps of a funnel.
class FunnelWalk {
 public:
  FunnelWalk(const WordTable& words, const Funnel& funnel) {
    for (const auto& step : funnel.steps) tests_.emplace_back(words, step.condition);
    fits_.resize(tests_.size());
  }

  void begin(const VisitColumns& visits) {
    for (std::size_t i = 0; i < tests_.size(); ++i) {
      const bool page = !event_kind_of(tests_[i].condition().kind);
      tests_[i].codes(page ? visits.path : visits.target, fits_[i]);
    }
  }

  std::size_t steps(const VisitColumns& visits, std::size_t visit) {
    collect(visits, visit);
    std::size_t step = 0;
    for (const auto& deed : deeds_) {
      if (step == tests_.size()) break;
      const auto kind = event_kind_of(tests_[step].condition().kind).value_or(0);
      if (kind == deed.kind && fits_[step][deed.code] != 0) ++step;
    }
    return step;
  }

 private:
  void collect(const VisitColumns& visits, std::size_t visit) {
    deeds_.clear();
    for (auto view = visits.views[visit]; view < visits.views[visit + 1]; ++view)
      deeds_.push_back({visits.view_time[view], 0, visits.path.codes[view]});
    if (visits.events[visit] == visits.events[visit + 1]) return;
    for (auto event = visits.events[visit]; event < visits.events[visit + 1]; ++event)
      deeds_.push_back({visits.event_time[event], visits.event_kind[event], visits.target.codes[event]});
    // A page comes before what is done on it in the same millisecond.
    std::ranges::stable_sort(deeds_, {}, &Deed::time);
  }

  std::deque<ConditionTest> tests_;
  std::vector<std::vector<std::uint8_t>> fits_;
  std::vector<Deed> deeds_;
};

}  // namespace

Result<std::vector<GoalRow>> ColumnReports::goals_of(Asked& asked, const Query& query, Period period,
                                                     const std::vector<Goal>& goals, std::int64_t& visits) {
  std::vector<GoalRow> rows;
  std::deque<ConditionTest> tests;
  for (const auto& goal : goals) {
    rows.emplace_back().goal = goal;
    tests.emplace_back(words_, goal.condition);
  }
  std::vector<SubjectSet> visitors(goals.size());
  std::vector<std::uint8_t> fit;
  visits = 0;
  const auto on_day = [&](Day, const DayColumns& day) {
    const auto& v = day.visits;
    asked.filters.visits(v, visit_mask_);
    visits += std::ranges::count(visit_mask_, 1);
    asked.filters.requests(day.requests, std::nullopt, request_mask_);
    for (std::size_t goal = 0; goal < rows.size(); ++goal) {
      const auto kind = event_kind_of(tests[goal].condition().kind);
      const auto& column = kind ? v.target : v.path;
      const auto& ends = kind ? v.events : v.views;
      tests[goal].codes(column, fit);
      for (std::size_t i = 0; i < v.size(); ++i) {
        std::int64_t completions = 0;
        for (auto row = ends[i]; visit_mask_[i] != 0 && row < ends[i + 1]; ++row)
          completions += fit[column.codes[row]] != 0 && (!kind || v.event_kind[row] == *kind) ? 1 : 0;
        if (completions == 0) continue;
        rows[goal].completions += completions;
        ++rows[goal].visits;
        visitors[goal].add(v.subject[i]);
      }
      if (kind) continue;
      tests[goal].codes(day.requests.path, fit);
      for (std::size_t row = 0; row < day.requests.size(); ++row) {
        const bool counts = static_cast<RequestKind>(day.requests.kind[row]) == RequestKind::PageView;
        if (counts && request_mask_[row] != 0 && fit[day.requests.path.codes[row]] != 0)
          rows[goal].everybody += day.requests.amount[row];
      }
    }
  };
  if (auto looked = each_day(asked, query, period, on_day); !looked) return tl::unexpected(looked.error());
  for (std::size_t goal = 0; goal < rows.size(); ++goal) {
    auto& row = rows[goal];
    row.visitors = visitors[goal].count();
    row.rate = visits > 0 ? static_cast<double>(row.visits) / static_cast<double>(visits) : 0;
    if (asked.filters.empty() || row.visitors >= settings_.small_group) continue;
    row.few = true;
    row.visits = row.visitors = row.completions = 0;
    row.rate = 0;
    if (row.everybody < settings_.small_group) row.everybody = 0;
  }
  return rows;
}

Result<std::vector<GoalRow>> ColumnReports::goals(const Query& query) {
  const auto goals = definitions_.goals(query.site);
  if (!goals) return tl::unexpected(goals.error());
  auto asked = ask(query);
  if (!asked) return tl::unexpected(asked.error());
  std::int64_t visits = 0;
  auto rows = goals_of(*asked, query, query.period, *goals, visits);
  const auto compared = compared_period(query);
  if (!rows || !compared) return rows;
  const auto before = goals_of(*asked, query, *compared, *goals, visits);
  if (!before) return before;
  for (std::size_t i = 0; i < rows->size(); ++i) {
    (*rows)[i].visits_before = (*before)[i].visits;
    (*rows)[i].rate_before = (*before)[i].rate;
  }
  return rows;
}

Result<std::vector<FunnelStepRow>> ColumnReports::funnel_of(Asked& asked, const Query& query, Period period,
                                                            const Funnel& funnel, std::int64_t& all) {
  std::vector<FunnelStepRow> rows;
  for (const auto& step : funnel.steps) rows.push_back({step.name, 0, false});
  std::vector<SubjectSet> visitors(rows.size());
  FunnelWalk walk(words_, funnel);
  all = 0;
  const auto on_day = [&](Day, const DayColumns& day) {
    asked.filters.visits(day.visits, visit_mask_);
    walk.begin(day.visits);
    for (std::size_t i = 0; i < day.visits.size(); ++i) {
      if (visit_mask_[i] == 0) continue;
      ++all;
      const auto steps = walk.steps(day.visits, i);
      for (std::size_t step = 0; step < steps; ++step) {
        ++rows[step].visits;
        visitors[step].add(day.visits.subject[i]);
      }
    }
  };
  if (auto looked = each_day(asked, query, period, on_day); !looked) return tl::unexpected(looked.error());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (asked.filters.empty() || visitors[i].count() >= settings_.small_group) continue;
    rows[i].few = true;
    rows[i].visits = 0;
  }
  return rows;
}

Result<FunnelAnswer> ColumnReports::funnel(const Query& query, const Funnel& funnel) {
  if (const auto said = complaint(funnel); !said.empty())
    return failure(ErrorKind::Invalid, "the funnel cannot be walked: " + said);
  auto asked = ask(query);
  if (!asked) return tl::unexpected(asked.error());
  FunnelAnswer answer;
  answer.funnel = funnel;
  std::int64_t ignored = 0;
  auto now = funnel_of(*asked, query, query.period, funnel, answer.all);
  if (!now) return tl::unexpected(now.error());
  answer.steps = std::move(*now);
  const auto totals = totals_of(*asked, query, query.period);
  if (!totals) return tl::unexpected(totals.error());
  answer.coverage = totals->figures.coverage;
  if (totals->figures.few) answer.all = 0;
  const auto compared = compared_period(query);
  if (!compared) return answer;
  auto before = funnel_of(*asked, query, *compared, funnel, ignored);
  if (!before) return tl::unexpected(before.error());
  answer.before = std::move(*before);
  return answer;
}

}  // namespace portvakt::insights
