#include "insights/pages/charts.h"
#include "insights/pages/layout.h"
#include "insights/pages/screens.h"
#include "insights/pages/sheet.h"
#include "insights/words/labels.h"
#include "proxy/base/ascii.h"

namespace portvakt::insights {
namespace {

using ascii::escape_html;

std::optional<double> ratio(std::int64_t part, std::int64_t whole) {
  if (whole <= 0) return std::nullopt;
  return static_cast<double>(part) / static_cast<double>(whole);
}

std::string said(const Words& words, const ConsentAnswer& answer) {
  const auto& now = answer.now;
  std::string out = "<p class=\"said\">";
  out += escape_html(words.fill(Text::consent_said,
                                {words.number(now.chosen), words.percent(ratio(now.analytics, now.chosen)),
                                 words.percent(ratio(now.rejected, now.chosen))}));
  if (answer.median_seconds)
    out += " " + escape_html(words.fill(Text::half_within, {words.duration(answer.median_seconds)}));
  if (answer.gpc_known > 0)
    out +=
        " " + escape_html(words.fill(Text::gpc_said, {words.percent(ratio(answer.gpc, answer.gpc_known))}));
  return out + "</p>\n";
}

std::string step(const Words& words, Text text, std::int64_t count, std::int64_t of, std::int64_t largest) {
  std::string out = "<li><span class=\"label\">" + escape_html(words(text)) + "</span><strong>" +
                    words.number(count) + "</strong><span class=\"note\">";
  if (of > 0 && of != count) out += words.percent(ratio(count, of));
  return out + "</span>" + row_bar(static_cast<double>(count), static_cast<double>(largest)) + "</li>";
}

std::string funnel(const Words& words, const ConsentRow& now) {
  const auto largest = std::max(now.shown, now.chosen);
  return "<ol class=\"steps\" aria-label=\"" + escape_html(words(Text::way_of_answers)) + "\">" +
         step(words, Text::shown, now.shown, now.shown, largest) +
         step(words, Text::answers, now.chosen, now.shown, largest) +
         step(words, Text::accepted, now.accepted, now.chosen, largest) +
         step(words, Text::selected, now.selected, now.chosen, largest) +
         step(words, Text::rejected, now.rejected, now.chosen, largest) +
         step(words, Text::withdrawn, now.withdrawn, now.chosen, largest) + "</ol>\n";
}

Chart answers_chart(const Words& words, const ConsentAnswer& answer) {
  Chart chart;
  chart.title = words(Text::allow_analytics);
  chart.time_title = words(Text::time);
  double top = 0;
  for (const auto& point : answer.series) {
    const auto share = ratio(point.figures.analytics, point.figures.chosen);
    chart.now.points.push_back({words.date(point.bucket.day),
                                share.value_or(0),
                                words.percent(share),
                                {},
                                {},
                                {},
                                point.bucket.open});
    top = std::max(top, share.value_or(0));
  }
  chart.top_text = words.percent(top);
  return chart;
}

}  // namespace

std::string consent_screen(const Frame& frame, const ConsentAnswer& answer) {
  const auto& words = frame.words;
  std::string out =
      "<h1 class=\"hidden\">" + escape_html(words(Text::consent)) + "</h1>\n" + said(words, answer);
  out += "<section class=\"card wide lead\" aria-label=\"" + escape_html(words(Text::way_of_answers)) +
         "\">\n" + funnel(words, answer.now) + chart_html(words, answers_chart(words, answer)) +
         "</section>\n";
  const auto sheets = consent_sheets(words, answer);
  // The first is drawn above, the last is the chart's table.
  out += "<div class=\"cards\">\n" + sheet_card(frame, sheets[1]) + sheet_card(frame, sheets[2]) + "</div>\n";
  out += "<div class=\"stack\">\n";
  for (std::size_t place = 3; place + 1 < sheets.size(); ++place) {
    if (!sheets[place].rows.empty()) out += sheet_card(frame, sheets[place]);
  }
  return out + "</div>\n";
}

std::string bots_screen(const Frame& frame, const BotsAnswer& answer) {
  const auto& words = frame.words;
  std::string out =
      "<h1 class=\"hidden\">" + escape_html(words(Text::bots)) + "</h1>\n<p class=\"said\">" +
      escape_html(words.fill(Text::bots_said, {words.number(answer.totals.now.requests.bots)})) + "</p>\n";
  out += "<div class=\"cards\">\n";
  for (const auto& sheet : bots_sheets(words, answer)) out += sheet_card(frame, sheet);
  return out + "</div>\n";
}

std::string notes_screen(const Frame& frame, const std::vector<Annotation>& notes) {
  const auto& words = frame.words;
  std::string out = "<h1>" + escape_html(words(Text::annotations)) + "</h1>\n<section class=\"card wide\">";
  if (notes.empty()) out += "<p class=\"none\">" + escape_html(words(Text::no_notes)) + "</p>";
  out += "<ul class=\"list\">";
  for (const auto& note : notes) {
    const auto kind = note.kind == AnnotationKind::Reload   ? Text::note_reload
                      : note.kind == AnnotationKind::Banner ? Text::note_banner
                                                            : Text::note_written;
    out += "<li><b>" + escape_html(words.period(note.days)) + "</b> <span>" + escape_html(note.text) +
           "</span> <small class=\"quiet\">" + escape_html(words(kind)) + "</small>";
    if (frame.may_edit) {
      out += "<form method=\"post\" action=\"" + path_link("/notes", frame.state) + "\">" +
             token_field(frame) + "<input type=\"hidden\" name=\"remove\" value=\"" +
             std::to_string(note.id) + "\"><button aria-label=\"" + escape_html(words(Text::remove)) + ": " +
             escape_html(note.text) + "\">" + escape_html(words(Text::remove)) + "</button></form>";
    }
    out += "</li>\n";
  }
  out += "</ul>";
  if (frame.may_edit) {
    const auto today = iso_date(frame.today);
    out += "<h2>" + escape_html(words(Text::add_note)) +
           "</h2><form class=\"choices\" method=\"post\" action=\"" + path_link("/notes", frame.state) +
           "\">" + token_field(frame) + "<label>" + escape_html(words(Text::note)) +
           "<input name=\"text\" required maxlength=\"500\"></label><label>" +
           escape_html(words(Text::from)) + "<input type=\"date\" name=\"from\" required value=\"" + today +
           "\"></label><label>" + escape_html(words(Text::to)) + "<input type=\"date\" name=\"to\" value=\"" +
           today + "\"></label><button>" + escape_html(words(Text::save)) + "</button></form>";
  }
  return out + "</section>\n";
}

}  // namespace portvakt::insights
