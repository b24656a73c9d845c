#include "insights/pages/charts.h"
#include "insights/pages/layout.h"
#include "insights/pages/screens.h"
#include "insights/pages/sheet.h"
#include "insights/words/labels.h"
#include "proxy/base/ascii.h"

namespace portvakt::insights {
namespace {

using ascii::escape_html;

constexpr Dimension kKinds[] = {Dimension::Page, Dimension::Outbound, Dimension::Download, Dimension::Form};

std::string remove_form(const Frame& frame, std::string_view what, std::int64_t id, const std::string& name) {
  const auto remove = escape_html(frame.words(Text::remove));
  return "<form method=\"post\" action=\"" + path_link("/goals", frame.state) + "\">" + token_field(frame) +
         "<input type=\"hidden\" name=\"" + std::string(what) + "\" value=\"" + std::to_string(id) +
         "\"><button aria-label=\"" + remove + ": " + escape_html(name) + "\">" + remove + "</button></form>";
}

std::string goal_form(const Frame& frame) {
  const auto& words = frame.words;
  std::string out = "<details class=\"add\"><summary>" + escape_html(words(Text::add_goal)) +
                    "</summary><form class=\"choices\" method=\"post\" action=\"" +
                    path_link("/goals", frame.state) + "\">" + token_field(frame) + "<label>" +
                    escape_html(words(Text::name)) +
                    "<input name=\"goal\" required maxlength=\"100\"></label><label>" +
                    escape_html(words(Text::kind)) + "<select name=\"kind\">";
  for (const auto kind : kKinds) {
    out += "<option value=\"" + std::string(dimension_name(kind)) + "\">" +
           escape_html(dimension_label(words, kind)) + "</option>";
  }
  return out + "</select></label><label>" + escape_html(words(Text::pattern)) +
         "<input name=\"pattern\" required maxlength=\"500\"></label><button>" +
         escape_html(words(Text::save)) + "</button></form></details>\n";
}

std::string funnel_form(const Frame& frame) {
  const auto& words = frame.words;
  return "<details class=\"add\"><summary>" + escape_html(words(Text::add_funnel)) +
         "</summary><form class=\"choices\" method=\"post\" action=\"" + path_link("/goals", frame.state) +
         "\">" + token_field(frame) + "<label>" + escape_html(words(Text::name)) +
         "<input name=\"funnel\" required maxlength=\"100\"></label><label>" +
         escape_html(words(Text::funnel_steps)) +
         "<textarea name=\"steps\" rows=\"5\" required></textarea></label><button>" +
         escape_html(words(Text::save)) + "</button></form></details>\n";
}

std::string funnel_steps(const Words& words, const FunnelAnswer& answer) {
  std::string out = "<ol class=\"steps\">";
  const auto first = answer.steps.empty() ? 0 : answer.steps.front().visits;
  for (const auto& step : answer.steps) {
    const auto share = first > 0 && !step.few
                           ? words.percent(static_cast<double>(step.visits) / static_cast<double>(first))
                           : "";
    out += "<li><span class=\"label\">" + escape_html(step.name) + "</span><strong>" +
           (step.few ? std::string(kDash) : words.number(step.visits)) + "</strong><span class=\"note\">" +
           share + "</span>" +
           row_bar(step.few ? 0 : static_cast<double>(step.visits), static_cast<double>(first)) + "</li>";
  }
  return out + "</ol>\n";
}

std::string funnel_card(const Frame& frame, const FunnelAnswer& answer, const Sheet& sheet) {
  const auto& words = frame.words;
  std::string out = "<div>" + funnel_steps(words, answer) + "<p class=\"quiet\">" +
                    escape_html(words.fill(Text::rests_on, {words.percent(answer.coverage.share())})) +
                    "</p></div>";
  out = "<section class=\"card wide\"><h2>" + escape_html(answer.funnel.name) + "</h2>" + out +
        "</section>\n" + sheet_card(frame, sheet);
  if (frame.may_edit) out += remove_form(frame, "remove_funnel", answer.funnel.id, answer.funnel.name);
  return out;
}

}  // namespace

std::string goals_screen(const Frame& frame, const GoalsAnswer& answer) {
  const auto& words = frame.words;
  std::string out =
      "<h1 class=\"hidden\">" + escape_html(words(Text::goals)) + "</h1>\n<div class=\"stack\">\n";
  const auto sheets = goals_sheets(words, answer);
  if (answer.goals.empty()) {
    out += "<section class=\"card wide\"><h2>" + escape_html(words(Text::goals)) + "</h2><p class=\"none\">" +
           escape_html(words(Text::no_goals)) + "</p></section>\n";
  } else {
    out += sheet_card(frame, sheets[0]);
  }
  if (frame.may_edit) {
    for (const auto& row : answer.goals) out += remove_form(frame, "remove_goal", row.goal.id, row.goal.name);
    out += goal_form(frame);
  }
  out += "<h2>" + escape_html(words(Text::funnels)) + "</h2>\n";
  for (std::size_t place = 0; place < answer.funnels.size(); ++place)
    out += funnel_card(frame, answer.funnels[place], sheets[place + 1]);
  if (frame.may_edit) out += funnel_form(frame);
  return out + "</div>\n";
}

}  // namespace portvakt::insights
