// A question's filters, ready to look through prepared days: a visit or a request row is in the mask or not.
// Texts are compared once a word, rows by their codes. One thread; the words outlive it.
#pragma once

#include <optional>
#include <vector>

#include "insights/day_columns.h"
#include "insights/definitions.h"
#include "insights/query.h"
#include "insights/word_table.h"

namespace portvakt::insights {

using Mask = std::vector<std::uint8_t>;

/// The column of visits that tells the dimension; null where page views or events do.
const Column* visit_column(const VisitColumns& visits, Dimension by);
/// The column of requests, by its place; empty where only visits know.
std::optional<std::size_t> request_column_of(Dimension by);
/// What a word of that column says of the dimension, as its section says of a path; kNoWord: nothing.
std::uint32_t project(const WordTable& words, Dimension by, std::uint32_t word);

/// A text that is looked for in words, remembered by word.
class WordTest {
 public:
  virtual ~WordTest() = default;
  /// By the column's codes.
  void codes(const Column& column, std::vector<std::uint8_t>& fit);

 protected:
  virtual bool test(std::uint32_t word) const = 0;

 private:
  std::vector<std::uint8_t> known_;  // by word: 0 not asked, 1 no, 2 yes
};

/// Whether a condition's pattern fits.
class ConditionTest : public WordTest {
 public:
  ConditionTest(const WordTable& words, Condition condition)
      : words_(words), condition_(std::move(condition)) {}
  const Condition& condition() const { return condition_; }

 protected:
  bool test(std::uint32_t word) const override { return fits(condition_.pattern, words_.text(word)); }

 private:
  const WordTable& words_;
  Condition condition_;
};

/// The kind of event that a condition waits for; empty: it waits for a page.
std::optional<std::uint8_t> event_kind_of(GoalKind kind);

class ColumnFilters {
 public:
  /// Invalid: too many, too long.
  static Result<ColumnFilters> compile(const std::vector<Filter>& filters, const WordTable& words,
                                       const std::vector<Goal>& goals);

  bool empty() const { return tests_.empty(); }
  /// No filter is one that only visits know.
  bool exact() const { return exact_; }
  /// Without those on `except`: rows of a table are compared with their like.
  void requests(const RequestColumns& requests, std::optional<Dimension> except, Mask& mask);
  void visits(const VisitColumns& visits, Mask& mask);

 private:
  class FilterTest;
  void visit_views(const VisitColumns& visits, FilterTest& test, Mask& mask);
  void visit_events(const VisitColumns& visits, FilterTest& test, Mask& mask);
  void visit_goals(const VisitColumns& visits, FilterTest& test, Mask& mask);

  std::vector<std::unique_ptr<FilterTest>> tests_;
  bool exact_ = true;
  std::vector<std::uint8_t> fit_;  // by code, while a column is looked at
  Mask found_;

 public:
  ColumnFilters();
  ~ColumnFilters();
  ColumnFilters(ColumnFilters&&) noexcept;
  ColumnFilters& operator=(ColumnFilters&&) noexcept;
};

/// Marks in `found` the visits in which the condition is met.
void find_met(const VisitColumns& visits, ConditionTest& test, std::vector<std::uint8_t>& fit, Mask& found);

}  // namespace portvakt::insights
