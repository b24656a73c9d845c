// Consent, what was held back, and goals as sheets.
#include "insights/pages/sheet.h"
#include "insights/words/labels.h"

namespace portvakt::insights {
namespace {

std::optional<double> ratio(std::int64_t part, std::int64_t whole) {
  if (whole <= 0) return std::nullopt;
  return static_cast<double>(part) / static_cast<double>(whole);
}

std::string title(const Words& words, Text text) {
  return std::string(words(text));
}

std::vector<SheetColumn> consent_columns(const Words& words, Text first) {
  return {{"name", title(words, first)},
          {"shown", title(words, Text::shown)},
          {"answers", title(words, Text::answers)},
          {"accepted", title(words, Text::accepted)},
          {"rejected", title(words, Text::rejected)},
          {"selected", title(words, Text::selected)},
          {"withdrawn", title(words, Text::withdrawn)},
          {"analytics_share", title(words, Text::allow_analytics)}};
}

std::vector<Cell> consent_cells(const Words& words, Cell name, const ConsentRow& row) {
  return {std::move(name),
          number_cell(words, row.shown),
          number_cell(words, row.chosen),
          number_cell(words, row.accepted),
          number_cell(words, row.rejected),
          number_cell(words, row.selected),
          number_cell(words, row.withdrawn),
          share_cell(words, ratio(row.analytics, row.chosen))};
}

Sheet way_sheet(const Words& words, const ConsentRow& now) {
  Sheet sheet{"way",
              title(words, Text::way_of_answers),
              {{"name", title(words, Text::answers)},
               {"count", title(words, Text::count)},
               {"share", title(words, Text::share)}},
              {}};
  const auto add = [&](Text text, std::int64_t count, std::int64_t of) {
    sheet.rows.push_back(
        {text_cell(title(words, text)), number_cell(words, count), share_cell(words, ratio(count, of))});
  };
  add(Text::shown, now.shown, now.shown);
  add(Text::answers, now.chosen, now.shown);
  add(Text::accepted, now.accepted, now.chosen);
  add(Text::rejected, now.rejected, now.chosen);
  add(Text::selected, now.selected, now.chosen);
  add(Text::withdrawn, now.withdrawn, now.chosen);
  return sheet;
}

Sheet purposes_sheet(const Words& words, const ConsentAnswer& answer) {
  Sheet sheet{"purposes",
              title(words, Text::by_purpose),
              {{"purpose", title(words, Text::purpose)},
               {"granted", title(words, Text::granted)},
               {"refused", title(words, Text::refused)},
               {"share", title(words, Text::share)}},
              {}};
  for (const auto& row : answer.purposes) {
    sheet.rows.push_back({{row.purpose, purpose_label(words, row.purpose)},
                          number_cell(words, row.granted),
                          number_cell(words, row.refused),
                          share_cell(words, ratio(row.granted, row.granted + row.refused))});
  }
  return sheet;
}

Sheet groups_sheet(const Words& words, std::string id, Text name, Text first,
                   const std::vector<ConsentRow>& rows, bool countries = false) {
  Sheet sheet{std::move(id), title(words, name), consent_columns(words, first), {}};
  for (const auto& row : rows) {
    auto label = row.name.empty()         ? title(words, Text::unknown)
                 : row.name == kOtherName ? title(words, Text::others)
                 : countries              ? country_label(words, row.name)
                                          : row.name;
    sheet.rows.push_back(consent_cells(words, {row.name, std::move(label)}, row));
  }
  return sheet;
}

Sheet seconds_sheet(const Words& words, const ConsentAnswer& answer) {
  Sheet sheet{"seconds",
              title(words, Text::time_to_answer),
              {{"seconds", title(words, Text::time_to_answer)},
               {"answers", title(words, Text::answers)},
               {"share", title(words, Text::share)}},
              {}};
  if (answer.timed == 0) return sheet;
  for (std::size_t place = 0; place < answer.seconds.size(); ++place) {
    const bool last = place == kChoiceSeconds.size();
    const auto end = words.number(kChoiceSeconds[last ? place - 1 : place]);
    sheet.rows.push_back({text_cell(words.fill(last ? Text::seconds_over : Text::seconds_under, {end})),
                          number_cell(words, answer.seconds[place]),
                          share_cell(words, ratio(answer.seconds[place], answer.timed))});
  }
  return sheet;
}

Sheet consent_series(const Words& words, const ConsentAnswer& answer) {
  Sheet sheet{"series", title(words, Text::time), consent_columns(words, Text::time), {}};
  for (const auto& point : answer.series)
    sheet.rows.push_back(consent_cells(words, date_cell(words, point.bucket.day), point.figures));
  return sheet;
}

std::string seen_date(const std::optional<WallTime>& time) {
  return time ? iso_date(day_of(*time)) : std::string();
}

Sheet inventory_sheet(const Words& words, const HeldAnswer& answer) {
  Sheet sheet{"inventory",
              title(words, Text::inventory),
              {{"name", title(words, Text::name)},
               {"kind", title(words, Text::kind)},
               {"vendor", title(words, Text::vendor)},
               {"purpose", title(words, Text::purpose)},
               {"count", title(words, Text::count)},
               {"first_seen", title(words, Text::first_seen)},
               {"last_seen", title(words, Text::last_seen)},
               {"example", title(words, Text::seen_on)}},
              {}};
  for (const auto& row : answer.inventory) {
    const auto kind = row.kind == "cookie" ? title(words, Text::kind_cookie)
                      : row.kind == "host" ? title(words, Text::kind_host)
                                           : row.kind;
    const auto first = row.first_seen ? words.date(day_of(*row.first_seen)) : std::string(kDash);
    const auto last = row.last_seen ? words.date(day_of(*row.last_seen)) : std::string(kDash);
    sheet.rows.push_back(
        {text_cell(row.name),
         {row.kind, kind},
         {row.vendor, row.vendor.empty() ? title(words, Text::unknown) : row.vendor},
         {row.purpose, row.purpose.empty() ? title(words, Text::unknown) : purpose_label(words, row.purpose)},
         number_cell(words, row.count),
         {seen_date(row.first_seen), first},
         {seen_date(row.last_seen), last},
         text_cell(row.example)});
  }
  return sheet;
}

std::string_view kind_name(GoalKind kind) {
  switch (kind) {
    case GoalKind::Outbound:
      return "outbound";
    case GoalKind::Download:
      return "download";
    case GoalKind::Form:
      return "form";
    default:
      return "page";
  }
}

Sheet funnel_sheet(const Words& words, const FunnelAnswer& answer) {
  Sheet sheet{"funnel-" + std::to_string(answer.funnel.id),
              answer.funnel.name,
              {{"step", title(words, Text::step)},
               {"visits", title(words, Text::visits)},
               {"of_first", title(words, Text::of_first)},
               {"before", title(words, Text::before_column)}},
              {}};
  for (std::size_t place = 0; place < answer.steps.size(); ++place) {
    const auto& step = answer.steps[place];
    const auto old = place < answer.before.size() ? std::optional(answer.before[place]) : std::nullopt;
    sheet.rows.push_back(
        {text_cell(step.name), step.few ? absent_cell() : number_cell(words, step.visits),
         step.few ? absent_cell() : share_cell(words, ratio(step.visits, answer.steps.front().visits)),
         old && !old->few ? number_cell(words, old->visits) : absent_cell()});
  }
  return sheet;
}

}  // namespace

std::vector<Sheet> consent_sheets(const Words& words, const ConsentAnswer& answer) {
  return {way_sheet(words, answer.now),
          purposes_sheet(words, answer),
          seconds_sheet(words, answer),
          groups_sheet(words, "countries", Text::by_country, Text::country, answer.countries, true),
          groups_sheet(words, "pages", Text::by_page, Text::page, answer.pages),
          groups_sheet(words, "languages", Text::by_language, Text::language_label, answer.languages),
          groups_sheet(words, "policies", Text::by_policy, Text::version, answer.policies),
          groups_sheet(words, "texts", Text::by_text, Text::version, answer.texts),
          groups_sheet(words, "hows", Text::by_how, Text::kind, answer.hows),
          consent_series(words, answer)};
}

std::vector<Sheet> held_sheets(const Words& words, const HeldAnswer& answer) {
  Sheet vendors{"vendors",
                title(words, Text::held_vendors),
                {{"vendor", title(words, Text::vendor)},
                 {"page_views", title(words, Text::page_views)},
                 {"before", title(words, Text::before_column)},
                 {"first_seen", title(words, Text::first_seen)},
                 {"last_seen", title(words, Text::last_seen)}},
                {}};
  for (const auto& row : answer.vendors) {
    auto name = row.vendor;
    if (row.is_new) name += " (" + title(words, Text::new_week) + ")";
    vendors.rows.push_back({{row.vendor, name},
                            number_cell(words, row.requests),
                            number_cell(words, row.before),
                            date_cell(words, row.first_seen),
                            date_cell(words, row.last_seen)});
  }
  return {std::move(vendors), inventory_sheet(words, answer)};
}

std::vector<Sheet> goals_sheets(const Words& words, const GoalsAnswer& answer) {
  Sheet goals{"goals",
              title(words, Text::goals_of),
              {{"goal", title(words, Text::goal)},
               {"kind", title(words, Text::kind)},
               {"address", title(words, Text::address)},
               {"visits", title(words, Text::visits)},
               {"conversion", title(words, Text::conversion)},
               {"conversion_before", title(words, Text::before_column)},
               {"completions", title(words, Text::completions)},
               {"everybody", title(words, Text::by_everybody)}},
              {}};
  for (const auto& row : answer.goals) {
    const std::string kind(kind_name(row.goal.condition.kind));
    const auto by = parse_dimension(kind).value_or(Dimension::Page);
    goals.rows.push_back({text_cell(row.goal.name),
                          {kind, std::string(dimension_label(words, by))},
                          text_cell(row.goal.condition.pattern),
                          row.few ? absent_cell() : number_cell(words, row.visits),
                          row.few ? absent_cell() : share_cell(words, row.rate),
                          row.rate_before ? share_cell(words, row.rate_before) : absent_cell(),
                          row.few ? absent_cell() : number_cell(words, row.completions),
                          number_cell(words, row.everybody)});
  }
  std::vector<Sheet> sheets = {std::move(goals)};
  for (const auto& funnel : answer.funnels) sheets.push_back(funnel_sheet(words, funnel));
  return sheets;
}

}  // namespace portvakt::insights
