#include "insights/pages/charts.h"

#include <algorithm>
#include <cmath>

#include "proxy/base/ascii.h"

namespace portvakt::insights {
namespace {

using ascii::escape_html;

constexpr double kWidth = 1000;
constexpr double kHeight = 300;
constexpr double kAir = 0.92;  // of the height is the highest value

/// With one decimal at most: a chart of a year stays small.
std::string coordinate(double number) {
  const auto tenths = std::llround(number * 10);
  std::string out = std::to_string(tenths / 10);
  if (tenths % 10 != 0) out += "." + std::to_string(std::abs(tenths % 10));
  return out;
}

struct Scale {
  double top = 1;
  std::size_t count = 1;

  double x(std::size_t place) const {
    return count < 2 ? kWidth / 2 : kWidth * static_cast<double>(place) / static_cast<double>(count - 1);
  }
  double y(double value) const { return kHeight - kHeight * kAir * value / top; }
  std::string at(std::size_t place, double value) const {
    return coordinate(x(place)) + " " + coordinate(y(value));
  }
};

std::string path(std::string_view style, const std::string& steps) {
  return "<path class=\"" + std::string(style) + "\" d=\"" + steps + "\"/>";
}

/// The points from `first` up to `last`.
std::string steps(const Scale& scale, const std::vector<ChartPoint>& points, std::size_t first,
                  std::size_t last) {
  std::string out;
  for (std::size_t place = first; place <= last && place < points.size(); ++place) {
    out.append(out.empty() ? "M" : "L").append(scale.at(place, points[place].value));
  }
  return out;
}

/// Solid as far as periods are over, dashed to the one that is not.
std::string line(const Scale& scale, const std::vector<ChartPoint>& points) {
  if (points.empty()) return {};
  std::size_t over = points.size();
  while (over > 0 && points[over - 1].open) --over;
  std::string out;
  const auto last = points.size() - 1;
  const auto area = steps(scale, points, 0, last);
  out += path("area", area + "L" + coordinate(scale.x(last)) + " " + coordinate(kHeight) + "L" +
                          coordinate(scale.x(0)) + " " + coordinate(kHeight) + "Z");
  if (over > 1) out += path("now", steps(scale, points, 0, over - 1));
  if (over < points.size()) out += path("now open", steps(scale, points, over == 0 ? 0 : over - 1, last));
  return out;
}

std::string band(const Scale& scale, const std::vector<ChartPoint>& points) {
  std::string there, back;
  for (std::size_t place = 0; place < points.size(); ++place) {
    const auto& point = points[place];
    there.append(there.empty() ? "M" : "L").append(scale.at(place, point.high.value_or(point.value)));
    back.insert(0, "L" + scale.at(place, point.low.value_or(point.value)));
  }
  const bool any =
      std::ranges::any_of(points, [](const ChartPoint& point) { return point.high.has_value(); });
  return any ? path("band", there + back + "Z") : std::string();
}

std::string note_marks(const Scale& scale, const std::vector<ChartNote>& notes) {
  std::string out;
  for (const auto& note : notes) {
    const double from = scale.x(note.first), to = std::max(scale.x(note.last), from + 2);
    out += "<g class=\"note\"><title>" + escape_html(note.text) + "</title><rect x=\"" + coordinate(from) +
           "\" y=\"0\" width=\"" + coordinate(to - from) + "\" height=\"" + coordinate(kHeight) + "\"/></g>";
  }
  return out;
}

/// Invisible columns with the values as their titles: hovering works without the script.
std::string hover_columns(const Scale& scale, const Chart& chart) {
  std::string out;
  const auto& points = chart.now.points;
  const double width =
      kWidth / static_cast<double>(std::max<std::size_t>(1, points.size() - (points.size() > 1 ? 1 : 0)));
  for (std::size_t place = 0; place < points.size(); ++place) {
    out += "<rect class=\"hit\" x=\"" + coordinate(scale.x(place) - width / 2) + "\" y=\"0\" width=\"" +
           coordinate(width) + "\" height=\"" + coordinate(kHeight) + "\"><title>" +
           escape_html(points[place].label) + ": " + escape_html(points[place].text) + "</title></rect>";
  }
  return out;
}

std::string drawing(const Chart& chart) {
  Scale scale;
  scale.count = std::max(chart.now.points.size(), std::size_t{1});
  scale.top = 0;
  for (const auto& point : chart.now.points)
    scale.top = std::max({scale.top, point.value, point.high.value_or(0)});
  for (const auto& point : chart.before.points) scale.top = std::max(scale.top, point.value);
  if (scale.top <= 0) scale.top = 1;
  std::string out = "<svg aria-hidden=\"true\" viewBox=\"0 0 1000 300\" preserveAspectRatio=\"none\">";
  out += note_marks(scale, chart.notes) + band(scale, chart.now.points);
  if (!chart.before.points.empty())
    out += path("before", steps(scale, chart.before.points, 0, chart.now.points.size() - 1));
  return out + line(scale, chart.now.points) + hover_columns(scale, chart) + "</svg>";
}

std::string table_twin(const Words& words, const Chart& chart) {
  const bool ranges =
      std::ranges::any_of(chart.now.points, [](const ChartPoint& one) { return !one.range.empty(); });
  const bool compared = !chart.before.points.empty();
  std::string out = "<details class=\"twin\"><summary>" + escape_html(words(Text::as_table)) +
                    "</summary><div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"" +
                    escape_html(chart.title) + "\"><table><thead><tr><th scope=\"col\">" +
                    escape_html(chart.time_title) + "</th><th scope=\"col\">" + escape_html(chart.title) +
                    "</th>";
  if (ranges) out += "<th scope=\"col\">" + escape_html(words.fill(Text::likely_range, {"", ""})) + "</th>";
  if (compared) out += "<th scope=\"col\">" + escape_html(words(Text::compared_period)) + "</th>";
  out += "</tr></thead>\n<tbody>\n";
  for (std::size_t place = 0; place < chart.now.points.size(); ++place) {
    const auto& point = chart.now.points[place];
    out += "<tr><th scope=\"row\">" + escape_html(point.label);
    if (point.open) out += " <small>" + escape_html(words(Text::not_over)) + "</small>";
    out += "</th><td>" + escape_html(point.text) + "</td>";
    if (ranges) out += "<td>" + escape_html(point.range) + "</td>";
    if (compared) {
      const bool there = place < chart.before.points.size();
      out += "<td>" + (there ? escape_html(chart.before.points[place].text) : std::string(kDash)) + "</td>";
    }
    out += "</tr>\n";
  }
  return out + "</tbody></table></div></details>\n";
}

std::string legend(const Words& words, const Chart& chart) {
  const bool ranges =
      std::ranges::any_of(chart.now.points, [](const ChartPoint& one) { return !one.range.empty(); });
  std::string out = "<p class=\"legend\"><span class=\"now\">" + escape_html(chart.title) + "</span>";
  if (ranges) {
    out += "<span class=\"band\">" + escape_html(words.fill(Text::likely_range, {"\u2026", "\u2026"})) +
           "</span>";
  }
  if (!chart.before.points.empty())
    out += "<span class=\"before\">" + escape_html(words(Text::compared_period)) + "</span>";
  if (!chart.notes.empty())
    out += "<span class=\"note\">" + escape_html(words(Text::annotations)) + "</span>";
  return out + "</p>";
}

std::string notes_below(const Chart& chart) {
  if (chart.notes.empty()) return {};
  std::string out = "<ul class=\"notes\">";
  for (const auto& note : chart.notes) {
    out += "<li><b>" + escape_html(chart.now.points[note.first].label);
    if (note.last != note.first) out += " \u2013 " + escape_html(chart.now.points[note.last].label);
    out += "</b> " + escape_html(note.text) + "</li>";
  }
  return out + "</ul>";
}

}  // namespace

std::string chart_html(const Words& words, const Chart& chart) {
  if (chart.now.points.empty()) return {};
  const auto& points = chart.now.points;
  std::string out =
      "<div class=\"chart\"><p class=\"top\" aria-hidden=\"true\">" + escape_html(chart.top_text) + "</p>";
  out += "<div class=\"plot\" data-plot data-help=\"" + escape_html(words(Text::chart_help)) +
         "\" data-title=\"" + escape_html(chart.title) + "\">" + drawing(chart) +
         "</div><div class=\"axis\" aria-hidden=\"true\"><span>" + escape_html(points.front().label) +
         "</span>";
  if (points.size() > 4)
    out += "<span class=\"mid\">" + escape_html(points[points.size() / 2].label) + "</span>";
  if (points.size() > 1) out += "<span>" + escape_html(points.back().label) + "</span>";
  return out + "</div>" + legend(words, chart) + notes_below(chart) + table_twin(words, chart) + "</div>\n";
}

std::string spark_line(const Series& series) {
  std::vector<ChartPoint> points;
  Scale scale;
  scale.count = std::max(series.now.size(), std::size_t{1});
  for (const auto& point : series.now) {
    ChartPoint drawn;
    drawn.value = static_cast<double>(point.figures.views);
    drawn.open = point.bucket.open;
    scale.top = std::max(scale.top, drawn.value);
    points.push_back(std::move(drawn));
  }
  return "<svg class=\"spark\" aria-hidden=\"true\" viewBox=\"0 0 1000 300\" preserveAspectRatio=\"none\">" +
         line(scale, points) + "</svg>";
}

std::string row_bar(double part, double largest) {
  const double width = largest > 0 ? 1000 * std::clamp(part / largest, 0.0, 1.0) : 0;
  return "<svg class=\"bar\" aria-hidden=\"true\" viewBox=\"0 0 1000 1\" preserveAspectRatio=\"none\"><rect "
         "width=\"" +
         coordinate(width) + "\" height=\"1\"/></svg>";
}

}  // namespace portvakt::insights
