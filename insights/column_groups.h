// Visits and page views of prepared days by the words of one dimension. Looks through the days twice: first
// everything is added up, then the rows that are to be shown are chosen and their visitors told apart. One
// thread; filters, words and goals outlive it.
#pragma once

#include <array>
#include <deque>
#include <vector>

#include "insights/column_filters.h"
#include "insights/column_sums.h"
#include "insights/reports.h"

namespace portvakt::insights {

class ColumnGroups {
 public:
  ColumnGroups(Dimension by, ColumnFilters& filters, const WordTable& words, const std::vector<Goal>& goals,
               int small_group);

  /// First time.
  void add(const DayColumns& day);
  /// Between: the largest, folding what is small.
  void choose(const TableOptions& options);
  /// Or these names.
  void choose_names(const std::vector<Row>& rows);
  /// Second time.
  void tell_apart(const DayColumns& day);

  Table table() const;

 private:
  struct Group {
    std::string_view name;
    Figures figures;
    std::int64_t events = 0;
    std::uint32_t last_visit = 0;
    std::uint32_t row = 0;                             // place in `rows_`, kNoRow or kOther
    std::array<std::uint32_t, kMaxSmallGroup> some{};  // different visitors, as many as a small group has
    std::uint8_t some_count = 0;
  };
  static constexpr std::uint32_t kNoSlot = 0xffffffff;
  static constexpr std::uint32_t kNoRow = 0xffffffff;
  static constexpr std::uint32_t kOther = 0xfffffffe;

  std::uint32_t slot(std::uint32_t word);
  const std::vector<std::uint32_t>& slots(const Column& column);
  template <typename OnVisit, typename OnView, typename OnEvent>
  void members(const DayColumns& day, OnVisit on_visit, OnView on_view, OnEvent on_event);
  template <typename OnView, typename OnEvent>
  void goal_members(const VisitColumns& visits, OnView on_view, OnEvent on_event);
  void meet(Group& group, const VisitColumns& visits, std::size_t visit);
  void add_requests(const DayColumns& day);
  bool is_large(const Group& group) const;
  bool has_few(const Group& group) const;
  bool before(const Group* a, const Group* b) const;
  void fold(Group& group);

  const Dimension by_;
  ColumnFilters& filters_;
  const WordTable& words_;
  const std::uint8_t small_group_;
  Order order_ = Order::Visits;
  std::deque<Group> groups_;
  std::vector<std::uint32_t> slots_by_word_;
  std::deque<ConditionTest> goals_;
  std::vector<std::uint32_t> slots_;
  std::vector<std::uint8_t> fit_;
  Mask mask_;
  std::uint32_t visit_number_ = 0;
  std::vector<Group*> rows_;
  std::vector<SubjectSet> visitors_;
  Group other_;
  SubjectSet other_visitors_;
  std::size_t shown_ = 0, folded_ = 0;
};

}  // namespace portvakt::insights
