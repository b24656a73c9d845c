#include "insights/column_groups.h"

#include <algorithm>

#include "insights/batch_rows.h"
#include "insights/record_facts.h"

namespace portvakt::insights {
namespace {

std::optional<HitKind> event_kind_in(Dimension by) {
  if (by == Dimension::Outbound) return HitKind::Outbound;
  if (by == Dimension::Download) return HitKind::Download;
  if (by == Dimension::Form) return HitKind::Form;
  return std::nullopt;
}

std::int64_t rank(const Figures& figures, Order order) {
  switch (order) {
    case Order::Visits:
    case Order::Visitors:  // told apart only for what is shown; visits order them nearly alike
      return figures.visits;
    case Order::Views:
      return figures.views;
    case Order::Time:
      return figures.view_milliseconds;
  }
  return 0;
}

void add_figures(const Figures& more, Figures& sum) {
  sum.visits += more.visits;
  sum.visit_views += more.visit_views;
  sum.bounces += more.bounces;
  sum.visit_milliseconds += more.visit_milliseconds;
  sum.timed_views += more.timed_views;
  sum.view_milliseconds += more.view_milliseconds;
}

}  // namespace

ColumnGroups::ColumnGroups(Dimension by, ColumnFilters& filters, const WordTable& words,
                           const std::vector<Goal>& goals, int small_group)
    : by_(by), filters_(filters), words_(words), small_group_(static_cast<std::uint8_t>(small_group)) {
  slots_by_word_.assign(words.size(), kNoSlot);
  if (by != Dimension::GoalReached) return;
  for (const auto& goal : goals) {
    goals_.emplace_back(words, goal.condition);
    groups_.emplace_back().name = goal.name;
  }
}

std::uint32_t ColumnGroups::slot(std::uint32_t word) {
  const auto projected = project(words_, by_, word);
  if (projected >= slots_by_word_.size()) return kNoSlot;
  auto& known = slots_by_word_[projected];
  if (known == kNoSlot) {
    known = static_cast<std::uint32_t>(groups_.size());
    groups_.emplace_back().name = words_.text(projected);
  }
  return known;
}

const std::vector<std::uint32_t>& ColumnGroups::slots(const Column& column) {
  slots_.resize(column.words.size());
  for (std::size_t code = 0; code < slots_.size(); ++code) slots_[code] = slot(column.words[code]);
  return slots_;
}

/// Calls one of the three for each visit, page view or event that belongs to a group.
template <typename OnVisit, typename OnView, typename OnEvent>
void ColumnGroups::members(const DayColumns& day, OnVisit on_visit, OnView on_view, OnEvent on_event) {
  const auto& visits = day.visits;
  filters_.visits(visits, mask_);
  if (by_ == Dimension::GoalReached) return goal_members(visits, on_view, on_event);
  if (const auto* column = visit_column(visits, by_); column != nullptr) {
    const auto& of = slots(*column);
    for (std::size_t i = 0; i < visits.size(); ++i) {
      if (mask_[i] != 0 && of[column->codes[i]] != kNoSlot) on_visit(groups_[of[column->codes[i]]], i);
    }
    return;
  }
  const auto kind = event_kind_in(by_);
  const auto& column = kind ? visits.target : visits.path;
  const auto& of = slots(column);
  for (std::size_t i = 0; i < visits.size(); ++i) {
    if (mask_[i] == 0) continue;
    for (auto view = visits.views[i]; !kind && view < visits.views[i + 1]; ++view) {
      if (const auto place = of[column.codes[view]]; place != kNoSlot) on_view(groups_[place], i, view);
    }
    for (auto event = visits.events[i]; kind && event < visits.events[i + 1]; ++event) {
      const auto place = of[column.codes[event]];
      if (visits.event_kind[event] == static_cast<std::uint8_t>(*kind) && place != kNoSlot)
        on_event(groups_[place], i);
    }
  }
}

template <typename OnView, typename OnEvent>
void ColumnGroups::goal_members(const VisitColumns& visits, OnView, OnEvent on_event) {
  for (std::size_t goal = 0; goal < goals_.size(); ++goal) {
    auto& test = goals_[goal];
    const auto kind = event_kind_of(test.condition().kind);
    const auto& column = kind ? visits.target : visits.path;
    test.codes(column, fit_);
    const auto& ends = kind ? visits.events : visits.views;
    for (std::size_t i = 0; i < visits.size(); ++i) {
      if (mask_[i] == 0) continue;
      for (auto row = ends[i]; row < ends[i + 1]; ++row) {
        if (fit_[column.codes[row]] != 0 && (!kind || visits.event_kind[row] == *kind))
          on_event(groups_[goal], i);
      }
    }
  }
}

/// A group of a visit; once a visit, however often.
void ColumnGroups::meet(Group& group, const VisitColumns& visits, std::size_t visit) {
  const auto number = visit_number_ + static_cast<std::uint32_t>(visit) + 1;
  if (group.last_visit == number) return;
  group.last_visit = number;
  ++group.figures.visits;
  group.figures.bounces += visits.bounce[visit];
  group.figures.visit_milliseconds += visits.length[visit];
  if (group.some_count >= small_group_) return;
  const auto subject = visits.subject[visit];
  const auto end = group.some.begin() + group.some_count;
  if (std::find(group.some.begin(), end, subject) == end) group.some[group.some_count++] = subject;
}

void ColumnGroups::add(const DayColumns& day) {
  const auto& visits = day.visits;
  const auto add_view = [&](Figures& figures, std::size_t view) {
    ++figures.visit_views;
    if (visits.view_length[view] == kUnknownTime) return;
    ++figures.timed_views;
    figures.view_milliseconds += visits.view_length[view];
  };
  members(
      day,
      [&](Group& group, std::size_t i) {
        meet(group, visits, i);
        for (auto view = visits.views[i]; view < visits.views[i + 1]; ++view) add_view(group.figures, view);
      },
      [&](Group& group, std::size_t i, std::size_t view) {
        meet(group, visits, i);
        add_view(group.figures, view);
      },
      [&](Group& group, std::size_t i) {
        ++group.events;
        const bool first = group.last_visit != visit_number_ + static_cast<std::uint32_t>(i) + 1;
        meet(group, visits, i);
        for (auto view = visits.views[i]; first && view < visits.views[i + 1]; ++view)
          add_view(group.figures, view);
      });
  visit_number_ += static_cast<std::uint32_t>(visits.size());
  add_requests(day);
}

void ColumnGroups::add_requests(const DayColumns& day) {
  const auto index = request_column_of(by_);
  if (!index) return;
  const auto& column = request_column(day.requests, *index);
  const auto& of = slots(column);
  if (filters_.empty()) {
    for (std::size_t code = 0; code < of.size(); ++code) {
      if (of[code] != kNoSlot) add_views(day.sums[*index][code], groups_[of[code]].figures);
    }
    return;
  }
  Mask mask;
  filters_.requests(day.requests, by_, mask);
  for (std::size_t row = 0; row < mask.size(); ++row) {
    const auto kind = static_cast<RequestKind>(day.requests.kind[row]);
    const bool counts = kind == RequestKind::PageView || kind == RequestKind::ViewEvent;
    if (mask[row] == 0 || !counts || of[column.codes[row]] == kNoSlot) continue;
    auto& figures = groups_[of[column.codes[row]]].figures;
    const auto amount = std::int64_t{day.requests.amount[row]};
    const bool consented = (day.requests.flags[row] & kConsented) != 0;
    add_views(kind == RequestKind::ViewEvent ? PageViews{0, 0, amount}
                                             : PageViews{amount, consented ? amount : 0, 0},
              figures);
  }
}

/// Large enough to be told from others, be it by those who consented or by all requests.
bool ColumnGroups::is_large(const Group& group) const {
  if (group.some_count >= small_group_) return true;
  return filters_.exact() && group.figures.views >= small_group_;
}

bool ColumnGroups::has_few(const Group& group) const {
  return group.some_count > 0 && group.some_count < small_group_;
}

bool ColumnGroups::before(const Group* a, const Group* b) const {
  const auto left = has_few(*a) ? 0 : rank(a->figures, order_),
             right = has_few(*b) ? 0 : rank(b->figures, order_);
  if (left != right) return left > right;
  if (a->figures.views != b->figures.views) return a->figures.views > b->figures.views;
  return a->name < b->name;
}

void ColumnGroups::fold(Group& group) {
  group.row = kOther;
  add_figures(group.figures, other_.figures);
  other_.events += group.events;
}

void ColumnGroups::choose(const TableOptions& options) {
  order_ = options.order;
  std::vector<Group*> shown;
  for (auto& group : groups_) {
    const auto& figures = group.figures;
    const bool is_any = figures.visits > 0 || figures.views > 0;
    group.row = kNoRow;
    if (!is_any) continue;
    if (is_large(group)) {
      if (has_few(group)) fold(group);  // its visits are in `other`, its page views in its own row
      shown.push_back(&group);
      continue;
    }
    fold(group);
    ++folded_;
    other_.figures.views += figures.views;
    other_.figures.coverage.all += figures.coverage.all;
    other_.figures.coverage.consented += figures.coverage.consented;
  }
  std::ranges::sort(shown, [this](const auto* a, const auto* b) { return before(a, b); });
  std::erase_if(shown, [&](const Group* group) {
    return group->name.find(options.contains) == std::string_view::npos;
  });
  shown_ = shown.size();
  const auto first = std::min(options.offset, shown.size());
  const auto end = std::min(shown.size(), first + options.limit);
  rows_.assign(shown.begin() + static_cast<std::ptrdiff_t>(first),
               shown.begin() + static_cast<std::ptrdiff_t>(end));
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    if (!has_few(*rows_[i])) rows_[i]->row = static_cast<std::uint32_t>(i);
  }
  visitors_.assign(rows_.size(), {});
}

void ColumnGroups::choose_names(const std::vector<Row>& rows) {
  rows_.assign(rows.size(), nullptr);
  for (auto& group : groups_) {
    group.row = kNoRow;
    const auto found = std::ranges::find(rows, group.name, &Row::name);
    if (found == rows.end()) continue;
    rows_[static_cast<std::size_t>(found - rows.begin())] = &group;
    if (!has_few(group)) group.row = static_cast<std::uint32_t>(found - rows.begin());
  }
  visitors_.assign(rows_.size(), {});
}

void ColumnGroups::tell_apart(const DayColumns& day) {
  const auto& subjects = day.visits.subject;
  const auto tell = [&](const Group& group, std::size_t i) {
    if (group.row == kNoRow) return;
    (group.row == kOther ? other_visitors_ : visitors_[group.row]).add(subjects[i]);
  };
  members(day, tell, [&](const Group& group, std::size_t i, std::size_t) { tell(group, i); }, tell);
}

Table ColumnGroups::table() const {
  Table table;
  table.by = by_;
  table.groups = shown_;
  table.folded = folded_;
  table.other = other_.figures;
  table.other.visitors = other_visitors_.count();
  table.other.coverage.exact = filters_.exact();
  if (table.other.visitors > 0 && table.other.visitors < small_group_) withhold_visits(table.other);
  const bool counts = event_kind_in(by_) || by_ == Dimension::GoalReached;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    Row row;
    if (const auto* group = rows_[i]; group != nullptr) {
      row.name = group->name;
      row.figures = group->figures;
      row.figures.visitors = visitors_[i].count();
      if (has_few(*group)) withhold_visits(row.figures);
    }
    row.figures.coverage.exact = filters_.exact();
    if (counts) table.events.push_back(rows_[i] == nullptr || has_few(*rows_[i]) ? 0 : rows_[i]->events);
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace portvakt::insights
