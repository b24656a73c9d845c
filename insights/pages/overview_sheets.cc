// The overview's figures as sheets.
#include "insights/pages/charts.h"
#include "insights/pages/sheet.h"
#include "insights/words/labels.h"

namespace portvakt::insights {
namespace {

Cell of_visits(const Words& words, const Figures& figures, std::int64_t number) {
  return figures.few ? absent_cell() : number_cell(words, number);
}

std::vector<Cell> total_row(const Words& words, std::string name, const Figures& figures) {
  const auto range = figures.few ? std::nullopt : estimate(figures.visits, figures.coverage);
  return {text_cell(std::move(name)),
          of_visits(words, figures, figures.visits),
          range ? number_cell(words, range->low) : absent_cell(),
          range ? number_cell(words, range->high) : absent_cell(),
          of_visits(words, figures, figures.visitors),
          number_cell(words, figures.views),
          share_cell(words, figures.coverage.share()),
          figures.few ? absent_cell() : share_cell(words, figures.bounce_rate()),
          figures.few ? absent_cell() : seconds_cell(words, figures.visit_seconds())};
}

std::vector<SheetColumn> total_columns(const Words& words, std::string first_key, Text first) {
  const auto visits = std::string(words(Text::visits));
  return {{std::move(first_key), std::string(words(first))},
          {"visits", visits},
          {"visits_low", visits + " (" + words.fill(Text::likely_range, {"min", ""}) + ")"},
          {"visits_high", visits + " (" + words.fill(Text::likely_range, {"", "max"}) + ")"},
          {"visitors", std::string(words(Text::visitors))},
          {"page_views", std::string(words(Text::page_views))},
          {"consented_share", std::string(words(Text::allow_analytics))},
          {"bounce_rate", std::string(words(Text::bounce_rate))},
          {"visit_seconds", std::string(words(Text::visit_time))}};
}

Sheet totals_sheet(const Words& words, const OverviewAnswer& answer) {
  Sheet sheet{"totals", std::string(words(Text::overview)), total_columns(words, "period", Text::period), {}};
  const auto& totals = answer.totals;
  const auto dates = [](Period period) { return iso_date(period.first) + "/" + iso_date(period.last); };
  sheet.rows.push_back(total_row(words, dates(answer.query.period), totals.now.figures));
  if (totals.before && totals.compared)
    sheet.rows.push_back(total_row(words, dates(*totals.compared), totals.before->figures));
  return sheet;
}

std::string bucket_name(Granularity granularity, const Bucket& bucket) {
  auto name = iso_date(bucket.day);
  if (granularity == Granularity::Hours)
    name += (bucket.hour < 10 ? "T0" : "T") + std::to_string(bucket.hour) + ":00";
  return name;
}

Sheet series_sheet(const Words& words, const Series& series) {
  Sheet sheet{"series", std::string(words(Text::time)), total_columns(words, "begins", Text::time), {}};
  for (const auto& point : series.now)
    sheet.rows.push_back(total_row(words, bucket_name(series.granularity, point.bucket), point.figures));
  return sheet;
}

}  // namespace

Sheet ranked_sheet(const Words& words, const Table& table, bool compared) {
  const bool views = !only_of_visits(table.by), visits = !only_of_requests(table.by);
  Sheet sheet{std::string(dimension_name(table.by)), std::string(dimension_title(words, table.by)), {}, {}};
  const auto before = std::string(words(Text::before_column));
  sheet.columns = {{"code", std::string(dimension_label(words, table.by))},
                   {"name", std::string(words(Text::name))}};
  if (views)
    sheet.columns.push_back(
        {visits ? "page_views" : "requests", std::string(words(visits ? Text::page_views : Text::requests))});
  if (views && compared) sheet.columns.push_back({"before", before});
  if (visits) sheet.columns.push_back({"visits", std::string(words(Text::visits))});
  if (visits && !views && compared) sheet.columns.push_back({"before", before});
  if (!table.events.empty()) sheet.columns.push_back({"times", std::string(words(Text::times))});
  if (views && visits)
    sheet.columns.push_back({"consented_share", std::string(words(Text::allow_analytics))});
  for (std::size_t place = 0; place < table.rows.size(); ++place) {
    const auto& row = table.rows[place];
    std::vector<Cell> cells = {text_cell(row.name), text_cell(value_label(words, table.by, row.name))};
    if (views) cells.push_back(number_cell(words, row.figures.views));
    if (views && compared)
      cells.push_back(row.before ? number_cell(words, row.before->views) : absent_cell());
    if (visits) cells.push_back(of_visits(words, row.figures, row.figures.visits));
    if (visits && !views && compared)
      cells.push_back(row.before ? of_visits(words, *row.before, row.before->visits) : absent_cell());
    if (place < table.events.size()) cells.push_back(number_cell(words, table.events[place]));
    if (views && visits) cells.push_back(share_cell(words, row.figures.coverage.share()));
    sheet.rows.push_back(std::move(cells));
  }
  return sheet;
}

std::vector<Sheet> overview_sheets(const Words& words, const OverviewAnswer& answer) {
  std::vector<Sheet> sheets = {totals_sheet(words, answer), series_sheet(words, answer.series)};
  const bool compared = answer.totals.before.has_value();
  for (const auto& table : answer.tables) sheets.push_back(ranked_sheet(words, table, compared));
  return sheets;
}

std::vector<Sheet> bots_sheets(const Words& words, const BotsAnswer& answer) {
  const bool compared = answer.totals.before.has_value();
  return {ranked_sheet(words, answer.bots, compared), ranked_sheet(words, answer.pages, compared)};
}

std::vector<Sheet> realtime_sheets(const Words& words, const Realtime& answer) {
  Sheet minutes{
      "minutes",
      std::string(words(Text::by_minute)),
      {{"minutes_ago", std::string(words(Text::time))}, {"page_views", std::string(words(Text::page_views))}},
      {}};
  for (std::size_t place = 0; place < kRealtimeMinutes; ++place) {
    const auto ago = static_cast<std::int64_t>(kRealtimeMinutes - 1 - place);
    minutes.rows.push_back(
        {{ago, words.fill(Text::minutes_ago, {words.number(ago)})}, number_cell(words, answer.views[place])});
  }
  std::vector<Sheet> sheets = {std::move(minutes)};
  const auto add = [&](Dimension by, const std::vector<Row>& rows) {
    Sheet sheet{std::string(dimension_name(by)),
                std::string(dimension_title(words, by)),
                {{"code", std::string(dimension_label(words, by))},
                 {"page_views", std::string(words(Text::page_views))}},
                {}};
    for (const auto& row : rows)
      sheet.rows.push_back(
          {{row.name, value_label(words, by, row.name)}, number_cell(words, row.figures.views)});
    sheets.push_back(std::move(sheet));
  };
  add(Dimension::Page, answer.pages);
  add(Dimension::Referrer, answer.referrers);
  add(Dimension::Country, answer.countries);
  return sheets;
}

}  // namespace portvakt::insights
