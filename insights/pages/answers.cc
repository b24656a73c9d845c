#include "insights/pages/answers.h"

namespace portvakt::insights {
namespace {

/// Moves an answer to its place, or gives its error.
template <typename T>
Result<void> keep(T& place, Result<T> answer) {
  if (!answer) return tl::unexpected(answer.error());
  place = std::move(*answer);
  return {};
}

}  // namespace

Result<OverviewAnswer> ask_overview(Reports& reports, const ScreenState& state) {
  OverviewAnswer answer;
  answer.query = query_of(state, reports.today(state.site));
  const auto& query = answer.query;
  if (auto kept = keep(answer.totals, reports.totals(query)); !kept) return tl::unexpected(kept.error());
  auto series = reports.series(query, usual_granularity(query.period));
  if (auto kept = keep(answer.series, std::move(series)); !kept) return tl::unexpected(kept.error());
  for (const auto by : state.cards) {
    auto table = reports.table(query, by, first_rows(kCardRows));
    if (!table) return tl::unexpected(table.error());
    answer.tables.push_back(std::move(*table));
  }
  auto channels = reports.table(query, Dimension::Channel, first_rows(kCardRows));
  if (auto kept = keep(answer.channels, std::move(channels)); !kept) return tl::unexpected(kept.error());
  auto notes = reports.definitions().annotations(state.site, query.period);
  if (auto kept = keep(answer.annotations, std::move(notes)); !kept) return tl::unexpected(kept.error());
  return answer;
}

Result<SiteAnswer> ask_site(Reports& reports, const std::string& site) {
  ScreenState state;
  state.site = site;
  const auto query = query_of(state, reports.today(site));
  SiteAnswer answer{site, query.period, {}, {}};
  if (auto kept = keep(answer.totals, reports.totals(query)); !kept) return tl::unexpected(kept.error());
  auto series = reports.series(query, usual_granularity(query.period));
  if (auto kept = keep(answer.series, std::move(series)); !kept) return tl::unexpected(kept.error());
  return answer;
}

Result<GoalsAnswer> ask_goals(Reports& reports, const ScreenState& state) {
  const auto query = query_of(state, reports.today(state.site));
  GoalsAnswer answer;
  if (auto kept = keep(answer.goals, reports.goals(query)); !kept) return tl::unexpected(kept.error());
  const auto funnels = reports.definitions().funnels(state.site);
  if (!funnels) return tl::unexpected(funnels.error());
  for (const auto& funnel : *funnels) {
    auto one = reports.funnel(query, funnel);
    if (!one) return tl::unexpected(one.error());
    answer.funnels.push_back(std::move(*one));
  }
  return answer;
}

Result<BotsAnswer> ask_bots(Reports& reports, const ScreenState& state) {
  const auto query = query_of(state, reports.today(state.site));
  BotsAnswer answer;
  if (auto kept = keep(answer.totals, reports.totals(query)); !kept) return tl::unexpected(kept.error());
  auto bots = reports.table(query, Dimension::Bot, first_rows(kTableRows));
  if (auto kept = keep(answer.bots, std::move(bots)); !kept) return tl::unexpected(kept.error());
  auto pages = reports.table(query, Dimension::BotPage, first_rows(kTableRows));
  if (auto kept = keep(answer.pages, std::move(pages)); !kept) return tl::unexpected(kept.error());
  return answer;
}

Result<Table> ask_table(Reports& reports, const ScreenState& state, std::size_t limit) {
  const auto query = query_of(state, reports.today(state.site));
  auto options = first_rows(limit);
  options.offset = state.offset;
  options.contains = state.contains;
  return reports.table(query, state.table.value_or(Dimension::Page), options);
}

}  // namespace portvakt::insights
