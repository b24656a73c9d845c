// What a pile of made-up records means, worked out a second time and the plain way: everything in memory, a
// loop for each question, texts compared as texts, days by the C library's clock. Shares no code with the
// room but the types of questions and answers.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "insights/reports.h"

namespace portvakt::insights::truth {

using Values = std::map<Dimension, std::string>;

/// A request of anybody, or a `view` event.
struct Request {
  std::int64_t time = 0;
  int status = 200;
  bool page = false, bot = false, consented = false, event = false;
  bool told = false;  // its path and surroundings count
  std::string path;
  Values values;        // of Referrer (host), Channel …, Device
  std::string visitor;  // of page views and view events that belong to somebody
  Day day = 0;          // by the zone that was settled last
};

/// What a visitor's page told.
struct Event {
  std::int64_t time = 0;
  std::string visitor, kind, path, target, screen;
  std::int64_t milliseconds = -1;
};

struct Choice {
  std::int64_t time = 0;
  std::string choice, purposes, region, language;
  std::int64_t milliseconds = -1;
};

struct View {
  std::int64_t time = 0;
  std::string path;
  std::int64_t stayed = -1;
};

struct Visit {
  std::int64_t begin = 0, length = 0;
  Day day = 0;
  std::string visitor;
  std::vector<View> views;
  std::vector<Event> deeds;
  Values values;
  bool bounce = false;
};

class Truth {
 public:
  std::vector<Request> requests;
  std::vector<Event> events;
  std::vector<Choice> choices;
  std::vector<Goal> goals;
  std::map<std::string, std::int64_t> erased;  // visitor to the time before which nothing is known
  std::set<std::string> restricted;
  int small_group = 5;

  /// The zone of the process decides about days: set before any question.
  void settle(const char* zone);

  Totals totals(const Query& query) const;
  std::vector<Figures> series(const Query& query, Granularity granularity) const;
  Table table(const Query& query, Dimension by, const TableOptions& options) const;
  std::vector<GoalRow> goal_rows(const Query& query) const;
  std::vector<FunnelStepRow> funnel(const Query& query, const Funnel& funnel) const;
  ConsentRow consent(const Query& query) const;

 private:
  bool gone(const std::string& visitor, std::int64_t time) const;
  void make_visits();
  bool chosen(const Visit& visit, const Query& query) const;
  bool chosen(const Request& request, const Query& query, std::optional<Dimension> except) const;
  std::vector<std::string> values_of(const Visit& visit, Dimension by) const;
  std::int64_t times_met(const Visit& visit, const Condition& condition) const;
  Figures figures_of(const std::vector<const Visit*>& visits, const std::vector<const Request*>& views,
                     const Query& query) const;

  std::vector<Request> known_;
  std::vector<Visit> visits_;
};

/// Days since 1970 and hour, by the C library.
Day local_day(std::int64_t milliseconds);
int local_hour(std::int64_t milliseconds);

}  // namespace portvakt::insights::truth
