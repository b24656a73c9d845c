#include "insights/pages/sheet.h"

#include "insights/pages/layout.h"
#include "proxy/base/ascii.h"

namespace portvakt::insights {

using ascii::escape_html;

Cell text_cell(std::string text) {
  return {text, text};
}
Cell number_cell(const Words& words, std::int64_t number) {
  return {number, words.number(number)};
}
Cell share_cell(const Words& words, std::optional<double> share) {
  return {share ? CellValue(*share) : CellValue(), words.percent(share)};
}
Cell seconds_cell(const Words& words, std::optional<double> seconds) {
  return {seconds ? CellValue(*seconds) : CellValue(), words.duration(seconds)};
}
Cell date_cell(const Words& words, Day day) {
  return {iso_date(day), words.date(day)};
}
Cell absent_cell() {
  return {{}, std::string(kDash)};
}

namespace {

/// On screen a code is not shown beside its name.
bool is_shown(const Sheet& sheet, std::size_t column) {
  const bool named = column + 1 < sheet.columns.size() && sheet.columns[column + 1].key == "name";
  return !(sheet.columns[column].key == "code" && named);
}

/// Columns of words begin at the line's start, numbers end at its end.
bool of_words(const Sheet& sheet, std::size_t column) {
  return std::holds_alternative<std::string>(sheet.rows.front()[column].value);
}

std::string sheet_head(const Sheet& sheet) {
  std::string out = "<thead><tr>";
  std::string_view instead;
  for (std::size_t place = 0; place < sheet.columns.size(); ++place) {
    if (!is_shown(sheet, place)) {
      instead = sheet.columns[place].title;
      continue;
    }
    out += of_words(sheet, place) ? "<th scope=\"col\" class=\"words\">" : "<th scope=\"col\">";
    out += escape_html(instead.empty() ? std::string_view(sheet.columns[place].title) : instead) + "</th>";
    instead = {};
  }
  return out + "</tr></thead>\n";
}

}  // namespace

std::string sheet_html(const Frame& frame, const Sheet& sheet) {
  if (sheet.rows.empty())
    return "<p class=\"none\">" + escape_html(frame.words(Text::nothing_here)) + "</p>\n";
  std::string out = "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"" +
                    escape_html(sheet.title) + "\"><table>" + sheet_head(sheet) + "<tbody>\n";
  for (const auto& row : sheet.rows) {
    out += "<tr>";
    bool first = true;
    for (std::size_t place = 0; place < row.size(); ++place) {
      if (!is_shown(sheet, place)) continue;
      out += first ? "<th scope=\"row\">" : of_words(sheet, place) ? "<td class=\"words\">" : "<td>";
      out += escape_html(row[place].text) + (first ? "</th>" : "</td>");
      first = false;
    }
    out += "</tr>\n";
  }
  return out + "</tbody></table></div>\n";
}

std::string sheet_card(const Frame& frame, const Sheet& sheet) {
  const auto title = escape_html(sheet.title);
  std::string out = "<section class=\"card\" aria-labelledby=\"" + sheet.id + "\"><h2 id=\"" + sheet.id +
                    "\">" + title + "</h2>\n" + sheet_html(frame, sheet);
  if (!frame.may_follow() || sheet.rows.empty()) return out + "</section>\n";
  const auto link = [&](const std::string& format, const std::string& name) {
    const auto more = "screen=" + std::string(screen_path(frame.screen).substr(1)) + "&sheet=" + sheet.id +
                      "&format=" + format;
    return "<a href=\"" + path_link("/export", frame.state, more) + "\" aria-label=\"" + name + ": " + title +
           "\" download>" + name + "</a> ";
  };
  return out + "<p class=\"foot\"><span class=\"exports\">" + link("csv", "CSV") + link("json", "JSON") +
         "</span></p></section>\n";
}

}  // namespace portvakt::insights
