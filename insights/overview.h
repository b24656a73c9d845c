// The figures of one site over one period, put together from the store's answers and free of any page: what
// is shown, exported and tested. Values.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "insights/reports.h"

namespace portvakt::insights {

/// A number of all, and how many of them came with analytics consent.
struct Count {
  std::int64_t all = 0;
  std::int64_t consented = 0;
  friend bool operator==(const Count&, const Count&) = default;
};

struct OverviewTotals {
  Count requests;  // of people; declared bots are apart
  Count views;
  std::int64_t bots = 0;       // requests
  std::int64_t not_found = 0;  // requests of people
  std::int64_t visits = 0;     // of consenting visitors
  std::int64_t visitors = 0;   // who consented
  friend bool operator==(const OverviewTotals&, const OverviewTotals&) = default;
};

struct RankedRow {
  std::string name;
  Count count;
  friend bool operator==(const RankedRow&, const RankedRow&) = default;
};

struct DayRow {
  Day day = 0;
  Count views;
  friend bool operator==(const DayRow&, const DayRow&) = default;
};

/// What page views are ranked by; NotFound ranks requests that found nothing, by path, Choice the answers to
/// the banner, Held the vendors by the requests whose page they were kept out of.
enum class Ranking : std::uint8_t { Page, Referrer, Country, Browser, Device, NotFound, Choice, Held };

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

Result<Report> make_report(Reports& reports, std::string_view site, Period period);

/// In percent, rounded; empty: of nothing.
std::optional<int> share(const Count& count);
/// In percent of `before`, rounded, with its sign; empty: nothing to compare with.
std::optional<std::int64_t> change(std::int64_t now, std::int64_t before);
/// How many there were in all if those who did not consent behaved as those who did; empty: nobody consented.
std::optional<std::int64_t> extrapolate(std::int64_t seen, const Count& coverage);

}  // namespace portvakt::insights
