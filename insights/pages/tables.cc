#include "insights/pages/tables.h"

#include <algorithm>

#include "insights/pages/answers.h"
#include "insights/pages/charts.h"
#include "insights/pages/layout.h"
#include "insights/words/labels.h"
#include "proxy/base/ascii.h"

namespace portvakt::insights {
namespace {

using ascii::escape_html;

/// What a table's rows are ranked and drawn by.
std::int64_t weight(Dimension by, const Figures& figures) {
  return only_of_visits(by) ? figures.visits : figures.views;
}

/// Which columns a table has. Two kinds of figures stand beside each other, never mixed.
struct Shown {
  bool views = false;  // of everybody
  bool requests = false;
  bool visits = false;  // of those who consented
  bool events = false;
  bool coverage = false;
};

Shown columns_of(const Table& table) {
  if (only_of_requests(table.by)) return {.requests = true};
  if (only_of_visits(table.by)) return {.visits = true, .events = !table.events.empty(), .coverage = false};
  return {.views = true, .visits = true, .coverage = true};
}

std::string change_cell(const Words& words, std::int64_t now, const std::optional<std::int64_t>& before) {
  if (!before) return {};
  const auto change = words.change(static_cast<double>(now), static_cast<double>(*before));
  const auto text = change.empty() ? std::string(kDash) : change;
  return " <small class=\"change\"><span class=\"hidden\">" +
         escape_html(words.fill(Text::before, {words.number(*before)})) + ", </span>" + text + "</small>";
}

std::string head(const Words& words, const Table& table, const Shown& columns) {
  std::string out = "<thead><tr><th scope=\"col\">" + escape_html(dimension_label(words, table.by)) + "</th>";
  const auto column = [&](bool there, Text text) {
    if (there) out += "<th scope=\"col\">" + escape_html(words(text)) + "</th>";
  };
  column(columns.views, Text::page_views);
  column(columns.requests, Text::requests);
  column(columns.visits, Text::visits);
  column(columns.events, Text::times);
  if (columns.coverage) out += "<th scope=\"col\">" + escape_html(words(Text::allow_analytics)) + "</th>";
  return out + "</tr></thead>\n";
}

/// Everything behind the row's name.
std::string cells(const Words& words, const Shown& columns, const Figures& figures,
                  const std::optional<Figures>& before, const std::int64_t* events) {
  std::string out;
  if (columns.views || columns.requests) {
    const auto old = before ? std::optional(before->views) : std::nullopt;
    out += "<td>" + words.number(figures.views) + change_cell(words, figures.views, old) + "</td>";
  }
  if (columns.visits) {
    const bool first = !columns.views;
    const auto old = before && first ? std::optional(before->visits) : std::nullopt;
    out += "<td>" + (figures.few ? std::string(kDash) : words.number(figures.visits)) +
           (figures.few ? "" : change_cell(words, figures.visits, old)) + "</td>";
  }
  if (columns.events) out += "<td>" + (events ? words.number(*events) : std::string(kDash)) + "</td>";
  if (columns.coverage) out += "<td class=\"quiet\">" + words.percent(figures.coverage.share()) + "</td>";
  return out;
}

std::string row_name(const Frame& frame, const Table& table, const Row& row) {
  const auto label = escape_html(value_label(frame.words, table.by, row.name));
  if (!frame.may_follow() || table.by == Dimension::Bot || table.by == Dimension::BotPage) return label;
  auto state = with_filter(frame.state, {table.by, Match::Is, {row.name}});
  state.table.reset();
  state.contains.clear();
  return "<a href=\"" + screen_link(Screen::Overview, state) + "\">" + label + "</a>";
}

std::string other_row(const Words& words, const Table& table, const Shown& columns) {
  if (table.folded == 0) return {};
  const auto groups = words.number(static_cast<std::int64_t>(table.folded));
  return "<tr class=\"other\"><th scope=\"row\">" + escape_html(words.fill(Text::small_groups, {groups})) +
         "</th>" + cells(words, columns, table.other, std::nullopt, nullptr) + "</tr>\n";
}

std::string tab(const Frame& frame, std::size_t place, Dimension by, bool current) {
  auto state = frame.state;
  state.cards[place] = by;
  const auto label = escape_html(dimension_title(frame.words, by));
  std::string out =
      "<li><a href=\"" + screen_link(Screen::Overview, state) + "#card-" + std::to_string(place) + "\"";
  return out.append(current ? " aria-current=\"true\">" : ">") + label + "</a></li>";
}

std::string search_form(const Frame& frame) {
  return "<form class=\"choices inline\" method=\"get\" action=\"/table\">" +
         state_fields(frame.state, "contains,offset") + "<label>" +
         escape_html(frame.words(Text::match_contains)) +
         "<input type=\"search\" name=\"contains\" value=\"" + escape_html(frame.state.contains) +
         "\"></label><button>" + escape_html(frame.words(Text::show)) + "</button></form>";
}

std::string paging(const Frame& frame, const Table& table) {
  std::string out = "<p class=\"paging\">";
  const auto go = [&](std::size_t offset, Text text) {
    auto state = frame.state;
    state.offset = offset;
    out +=
        "<a href=\"" + screen_link(Screen::Table, state) + "\">" + escape_html(frame.words(text)) + "</a> ";
  };
  if (frame.state.offset > 0)
    go(frame.state.offset - std::min(frame.state.offset, kTableRows), Text::previous_rows);
  if (frame.state.offset + table.rows.size() < table.groups)
    go(frame.state.offset + kTableRows, Text::next_rows);
  return out + "</p>";
}

}  // namespace

std::string ranked_table(const Frame& frame, const Table& table, bool compared) {
  const auto& words = frame.words;
  const auto columns = columns_of(table);
  if (table.rows.empty() && table.folded == 0)
    return "<p class=\"none\">" + escape_html(words(Text::nothing_here)) + "</p>\n";
  std::int64_t largest = 0;
  for (const auto& row : table.rows) largest = std::max(largest, weight(table.by, row.figures));
  std::string out = "<table class=\"ranked\">" + head(words, table, columns) + "<tbody>\n";
  for (std::size_t place = 0; place < table.rows.size(); ++place) {
    const auto& row = table.rows[place];
    const auto* const events = place < table.events.size() ? &table.events[place] : nullptr;
    out += "<tr><th scope=\"row\"><div>" +
           row_bar(static_cast<double>(weight(table.by, row.figures)), static_cast<double>(largest)) +
           row_name(frame, table, row) + "</div></th>" +
           cells(words, columns, row.figures, compared ? row.before : std::nullopt, events) + "</tr>\n";
  }
  return out + other_row(words, table, columns) + "</tbody></table>\n";
}

std::string export_links(const Frame& frame, Dimension by) {
  if (!frame.may_follow()) return {};
  auto state = frame.state;
  state.table = by;
  const auto title = escape_html(dimension_title(frame.words, by));
  return "<a href=\"" + path_link("/export", state, "format=csv") + "\" aria-label=\"CSV: " + title +
         "\" download>CSV</a> <a href=\"" + path_link("/export", state, "format=json") +
         "\" aria-label=\"JSON: " + title + "\" download>JSON</a>";
}

std::string card(const Frame& frame, std::size_t place, const Table& table) {
  const auto& words = frame.words;
  const auto id = "card-" + std::to_string(place);
  std::string out = "<section class=\"card\" id=\"" + id + "\" aria-labelledby=\"" + id + "-h\"><h2 id=\"" +
                    id + "-h\">" + escape_html(words(card_title(place))) + "</h2>";
  if (frame.may_follow()) {
    out += "<ul class=\"tabs\">";
    for (const auto by : card_tables(place)) out += tab(frame, place, by, by == table.by);
    out += "</ul>";
  } else {
    out += "<p class=\"tabs\">" + escape_html(dimension_title(words, table.by)) + "</p>";
  }
  out += "\n" + ranked_table(frame, table, frame.state.compare != Comparison::None) + "<p class=\"foot\">";
  if (table.groups > table.rows.size() && frame.may_follow()) {
    auto state = frame.state;
    state.table = table.by;
    out += "<a href=\"" + screen_link(Screen::Table, state) + "\">" +
           escape_html(words.fill(Text::all_rows, {words.number(static_cast<std::int64_t>(table.groups))})) +
           "</a>";
  }
  return out + "<span class=\"exports\">" + export_links(frame, table.by) + "</span></p></section>\n";
}

std::string table_screen(const Frame& frame, const Table& table) {
  auto back = frame.state;
  back.table.reset();
  back.offset = 0;
  back.contains.clear();
  std::string out =
      "<section class=\"card wide\"><h1>" + escape_html(dimension_title(frame.words, table.by)) + "</h1>";
  out += "<p><a href=\"" + screen_link(Screen::Overview, back) + "\">" +
         escape_html(frame.words(Text::overview)) + "</a></p>";
  out += search_form(frame) + ranked_table(frame, table, frame.state.compare != Comparison::None);
  return out + paging(frame, table) + "<p class=\"foot\"><span class=\"exports\">" +
         export_links(frame, table.by) + "</span></p></section>\n";
}

}  // namespace portvakt::insights
