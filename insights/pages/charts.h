// Lines and bars as inline SVG, each with its figures in a table beside it (or in the row that a bar belongs
// to), so that nothing is said by a picture alone. The script reads its values from that table. Pure
// functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "insights/definitions.h"
#include "insights/pages/state.h"
#include "insights/reports.h"
#include "insights/words/words.h"

namespace portvakt::insights {

struct ChartPoint {
  std::string label;  // of its time
  double value = 0;
  std::string text;                 // the value as it is read
  std::optional<double> low, high;  // of the likely range
  std::string range;                // as it is read; empty: none
  bool open = false;                // not over yet
};

struct ChartLine {
  std::vector<ChartPoint> points;
};

/// Notes on the time axis: from one point to another, both counted.
struct ChartNote {
  std::size_t first = 0;
  std::size_t last = 0;
  std::string text;
};

struct Chart {
  std::string title;
  std::string time_title;  // of the table's first column
  ChartLine now;
  ChartLine before;  // may be empty
  std::vector<ChartNote> notes;
  std::string top_text;  // the value of the chart's upper edge
};

/// A metric over time, as the overview draws it.
Chart metric_chart(const Words& words, Metric metric, const Series& series,
                   const std::vector<Annotation>& notes);

/// With its table twin.
std::string chart_html(const Words& words, const Chart& chart);
/// The line alone, without axes: decoration beside figures.
std::string spark_line(const Series& series);
/// A bar as long as its part of `largest`; decoration.
std::string row_bar(double part, double largest);

/// `+8 %`, of shares `+2 pp`; empty: nothing to compare with.
std::string metric_change(const Words& words, Metric metric, const Figures& now, const Figures& before);
double metric_value(Metric metric, const Figures& figures);
/// As it is read, with unit; a dash where it is withheld.
std::string metric_reading(const Words& words, Metric metric, const Figures& figures);

}  // namespace portvakt::insights
