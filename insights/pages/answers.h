// What a screen needs to know, asked of Reports in one go: the pages, the files and the API are made from the
// same answers, so that none of them can say something else. Values.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "insights/pages/state.h"
#include "insights/reports.h"

namespace portvakt::insights {

struct OverviewAnswer {
  Query query;
  TotalsAnswer totals;
  Series series;
  std::vector<Table> tables;  // what the cards show, in their order
  Table channels;             // for the sentences
  std::vector<Annotation> annotations;
};
Result<OverviewAnswer> ask_overview(Reports& reports, const ScreenState& state);

/// One site on the page of all sites.
struct SiteAnswer {
  std::string site;
  Period period;
  TotalsAnswer totals;
  Series series;
};
Result<SiteAnswer> ask_site(Reports& reports, const std::string& site);

struct GoalsAnswer {
  std::vector<GoalRow> goals;
  std::vector<FunnelAnswer> funnels;
};
Result<GoalsAnswer> ask_goals(Reports& reports, const ScreenState& state);

struct BotsAnswer {
  TotalsAnswer totals;
  Table bots;
  Table pages;
};
Result<BotsAnswer> ask_bots(Reports& reports, const ScreenState& state);

inline TableOptions first_rows(std::size_t limit) {
  TableOptions options;
  options.limit = limit;
  return options;
}

inline constexpr std::size_t kCardRows = 9;
inline constexpr std::size_t kTableRows = 100;

/// Of the screen with one table.
Result<Table> ask_table(Reports& reports, const ScreenState& state, std::size_t limit);

}  // namespace portvakt::insights
