// How rows of prepared days add up to figures. Pure functions.
#pragma once

#include "insights/day_columns.h"
#include "insights/reports.h"
#include "insights/subject_set.h"

namespace portvakt::insights {

inline constexpr int kMaxSmallGroup = 20;

/// All but `visitors`, which have to be told apart.
inline void add_visit(const VisitColumns& visits, std::size_t i, Figures& figures) {
  ++figures.visits;
  figures.bounces += visits.bounce[i];
  figures.visit_milliseconds += visits.length[i];
  const auto first = visits.views[i], end = visits.views[i + 1];
  figures.visit_views += end - first;
  for (auto view = first; view < end; ++view) {
    if (visits.view_length[view] == kUnknownTime) continue;
    ++figures.timed_views;
    figures.view_milliseconds += visits.view_length[view];
  }
}

inline void add_views(const PageViews& views, Figures& figures) {
  figures.views += views.all + views.events;
  figures.coverage.all += views.all;
  figures.coverage.consented += views.consented;
}

inline DaySums& operator+=(DaySums& sum, const DaySums& more) {
  sum.views.all += more.views.all;
  sum.views.consented += more.views.consented;
  sum.views.events += more.views.events;
  sum.requests += more.requests;
  sum.consented += more.consented;
  sum.not_found += more.not_found;
  sum.redirects += more.redirects;
  sum.errors += more.errors;
  sum.bots += more.bots;
  return sum;
}

/// What is known of visits goes; what is known of everybody stays.
inline void withhold_visits(Figures& figures) {
  const auto views = figures.views;
  const auto coverage = figures.coverage;
  figures = {};
  figures.views = views;
  figures.coverage = coverage;
  figures.few = true;
}

}  // namespace portvakt::insights
