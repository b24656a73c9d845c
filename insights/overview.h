// The figures of one site over one period, put together from the store's answers and free of any page: what
// is shown, exported and tested. Values.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "insights/store.h"

namespace portvakt::insights {

struct RankedTable {
  Ranking by = Ranking::Page;
  std::vector<RankedRow> rows;
};

struct Report {
  std::string site;
  Period period;
  OverviewTotals now;
  OverviewTotals before;     // of as many days right before
  std::vector<DayRow> days;  // every day of the period
  std::vector<RankedTable> tables;
};

/// Rows of a table that are shown; the smaller ones are not.
inline constexpr std::size_t kTableRows = 10;

/// The order in which tables are shown.
inline constexpr std::array kRankings = {Ranking::Page,    Ranking::Referrer, Ranking::Country,
                                         Ranking::Browser, Ranking::Choice,   Ranking::Device,
                                         Ranking::Held,    Ranking::NotFound};

Result<Report> make_report(Store& store, std::string_view site, Period period);

/// In percent, rounded; empty: of nothing.
std::optional<int> share(const Count& count);
/// In percent of `before`, rounded, with its sign; empty: nothing to compare with.
std::optional<std::int64_t> change(std::int64_t now, std::int64_t before);
/// How many there were in all if those who did not consent behaved as those who did; empty: nobody consented.
std::optional<std::int64_t> extrapolate(std::int64_t seen, const Count& coverage);

}  // namespace portvakt::insights
