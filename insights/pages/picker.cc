#include "insights/pages/picker.h"

#include <array>

#include "insights/pages/layout.h"
#include "insights/words/labels.h"
#include "proxy/base/ascii.h"

namespace portvakt::insights {
namespace {

using ascii::escape_html;

constexpr std::array kComparisonTexts = {Text::compare_none, Text::compare_previous, Text::compare_year,
                                         Text::compare_custom};
constexpr std::array<std::string_view, 4> kComparisonNames = {"none", "previous", "year", "custom"};
constexpr std::array kMatchTexts = {Text::match_is, Text::match_is_not, Text::match_contains,
                                    Text::match_begins};
constexpr std::array<std::string_view, 4> kMatchNames = {"is", "is-not", "contains", "begins"};

std::string option(std::string_view value, std::string_view text, bool chosen) {
  std::string out = "<option value=\"" + escape_html(value) + "\"";
  return out.append(chosen ? " selected>" : ">").append(escape_html(text)).append("</option>");
}

std::string date_input(const Words& words, Text label, std::string_view name, Day day) {
  return "<label>" + escape_html(words(label)) + "<input type=\"date\" name=\"" + std::string(name) +
         "\" value=\"" + iso_date(day) + "\"></label>";
}

std::string period_select(const Frame& frame) {
  std::string out = "<label>" + escape_html(frame.words(Text::period)) + "<select name=\"period\">";
  for (const auto span : kSpans)
    out += option(span_name(span), frame.words(span_text(span)), span == frame.state.span);
  return out + "</select></label>";
}

std::string comparison_select(const Frame& frame) {
  std::string out = "<label>" + escape_html(frame.words(Text::compared_with)) + "<select name=\"compare\">";
  for (std::size_t place = 0; place < kComparisonNames.size(); ++place) {
    out += option(kComparisonNames[place], frame.words(kComparisonTexts[place]),
                  place == static_cast<std::size_t>(frame.state.compare));
  }
  return out + "</select></label>";
}

std::string period_form(const Frame& frame) {
  const auto& words = frame.words;
  const auto shown = period_of(frame.state, frame.today);
  const auto query = query_of(frame.state, frame.today);
  const auto other = compared_period(query).value_or(shown.before());
  std::string out =
      "<form class=\"choices\" method=\"get\" action=\"" + std::string(screen_path(frame.screen)) + "\">";
  out += state_fields(frame.state, "period,from,to,compare,compare_from,compare_to,offset");
  out += "<div>" + period_select(frame) + "</div><div class=\"dates\">" +
         date_input(words, Text::from, "from", shown.first) + date_input(words, Text::to, "to", shown.last) +
         "</div>";
  out += "<div>" + comparison_select(frame) + "</div><div class=\"dates\">" +
         date_input(words, Text::from, "compare_from", other.first) +
         date_input(words, Text::to, "compare_to", other.last) + "</div>";
  return out + "<button>" + escape_html(words(Text::show)) + "</button></form>";
}

/// `Last 30 days`, and below it the dates and those compared with.
std::string period_menu(const Frame& frame) {
  const auto& words = frame.words;
  const auto query = query_of(frame.state, frame.today);
  std::string out = "<details class=\"period\"><summary><b>";
  out += escape_html(frame.state.span == Span::Own ? words.period(query.period)
                                                   : words(span_text(frame.state.span)));
  out += "</b><small>" + escape_html(words.period(query.period));
  if (const auto other = compared_period(query)) {
    out +=
        "</small><small>" + escape_html(words(Text::compared_with)) + " " + escape_html(words.period(*other));
  }
  return out + "</small></summary>" + period_form(frame) + "</details>";
}

std::string filter_chips(const Frame& frame) {
  const auto& words = frame.words;
  std::string out;
  if (frame.state.filters.empty()) return out;
  out += "<ul class=\"chips\" aria-label=\"" + escape_html(words(Text::filters)) + "\">";
  for (std::size_t place = 0; place < frame.state.filters.size(); ++place) {
    const auto label = filter_label(words, frame.state.filters[place]);
    out += "<li>" + escape_html(label);
    if (frame.may_follow()) {
      out += "<a href=\"" + screen_link(frame.screen, without_filter(frame.state, place)) +
             "\" aria-label=\"" + escape_html(words(Text::remove)) + ": " + escape_html(label) +
             "\">\u00d7</a>";
    }
    out += "</li>";
  }
  return out + "</ul>";
}

std::string filter_form(const Frame& frame) {
  const auto& words = frame.words;
  std::string out = "<details class=\"filter\"><summary>" + escape_html(words(Text::add_filter)) +
                    "</summary><form class=\"choices\" method=\"get\" action=\"" +
                    std::string(screen_path(frame.screen)) + "\">" + state_fields(frame.state, "offset");
  out += "<label>" + escape_html(words(Text::filters)) + "<select name=\"filter_by\">";
  for (std::size_t place = 0; place < kDimensions; ++place) {
    const auto by = static_cast<Dimension>(place);
    if (by != Dimension::Bot && by != Dimension::BotPage)
      out += option(dimension_name(by), dimension_title(words, by), false);
  }
  out += "</select></label><label>" + escape_html(words(Text::add_filter)) + "<select name=\"filter_match\">";
  for (std::size_t place = 0; place < kMatchNames.size(); ++place)
    out += option(kMatchNames[place], words(kMatchTexts[place]), false);
  out += "</select></label><label>" + escape_html(words(Text::value)) +
         "<input name=\"filter_value\" required></label>";
  return out + "<button>" + escape_html(words(Text::show)) + "</button></form></details>";
}

}  // namespace

std::string filter_label(const Words& words, const Filter& filter) {
  std::string out(dimension_label(words, filter.by));
  out.append(" ").append(words(kMatchTexts[static_cast<std::size_t>(filter.match)]));
  std::string_view gap = " ";
  for (const auto& value : filter.values) {
    out.append(gap).append(value_label(words, filter.by, value));
    gap = ", ";
  }
  return out;
}

std::string picker(const Frame& frame) {
  std::string out = "<div class=\"picker\">" + filter_chips(frame);
  if (frame.may_follow()) return out + filter_form(frame) + period_menu(frame) + "</div>\n";
  const auto query = query_of(frame.state, frame.today);
  out += "<p class=\"fixed\">" + escape_html(frame.words.period(query.period));
  if (!frame.shared_until.empty())
    out += "<small>" + escape_html(frame.words.fill(Text::shared_view, {frame.shared_until})) + "</small>";
  return out + "</p></div>\n";
}

}  // namespace portvakt::insights
