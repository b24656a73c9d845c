// From figures to what a chart draws.
#include <algorithm>
#include <array>
#include <cstdio>

#include "insights/pages/charts.h"

namespace portvakt::insights {
namespace {

std::string point_label(const Words& words, Granularity granularity, const Bucket& bucket) {
  switch (granularity) {
    case Granularity::Hours: {
      std::array<char, 8> hour{};
      std::snprintf(hour.data(), hour.size(), "%02d:00", bucket.hour);
      return words.short_date(bucket.day) + ", " + hour.data();
    }
    case Granularity::Months:
      return words.month(bucket.day);
    default:
      return words.date(bucket.day);
  }
}

Text granularity_text(Granularity granularity) {
  switch (granularity) {
    case Granularity::Hours:
      return Text::by_hour;
    case Granularity::Weeks:
      return Text::by_week;
    case Granularity::Months:
      return Text::by_month;
    default:
      return Text::by_day;
  }
}

bool has_range(Metric metric) {
  return metric == Metric::Visits || metric == Metric::Visitors;
}

ChartLine line_of(const Words& words, Metric metric, Granularity granularity,
                  const std::vector<Point>& points) {
  ChartLine line;
  for (const auto& point : points) {
    ChartPoint drawn{point_label(words, granularity, point.bucket),
                     metric_value(metric, point.figures),
                     metric_reading(words, metric, point.figures),
                     {},
                     {},
                     {},
                     point.bucket.open};
    const auto range = has_range(metric) && !point.figures.few
                           ? estimate(static_cast<std::int64_t>(drawn.value), point.figures.coverage)
                           : std::nullopt;
    if (range) {
      drawn.low = static_cast<double>(range->low);
      drawn.high = static_cast<double>(range->high);
      drawn.range = words.number(range->low) + "\u2013" + words.number(range->high);
    }
    line.points.push_back(std::move(drawn));
  }
  return line;
}

/// The last point that began on or before that day.
std::size_t point_of(const std::vector<Point>& points, Day day) {
  std::size_t found = 0;
  for (std::size_t place = 0; place < points.size(); ++place) {
    if (points[place].bucket.day <= day) found = place;
  }
  return found;
}

}  // namespace

double metric_value(Metric metric, const Figures& figures) {
  switch (metric) {
    case Metric::Visits:
      return static_cast<double>(figures.visits);
    case Metric::Visitors:
      return static_cast<double>(figures.visitors);
    case Metric::Views:
      return static_cast<double>(figures.views);
    case Metric::Consent:
      return figures.coverage.share().value_or(0);
    case Metric::Bounce:
      return figures.bounce_rate().value_or(0);
    case Metric::Time:
      return figures.visit_seconds().value_or(0);
  }
  return 0;
}

std::string metric_reading(const Words& words, Metric metric, const Figures& figures) {
  const bool of_visits = metric != Metric::Views && metric != Metric::Consent;
  if (of_visits && figures.few) return std::string(kDash);
  switch (metric) {
    case Metric::Consent:
      return words.percent(figures.coverage.share());
    case Metric::Bounce:
      return words.percent(figures.bounce_rate());
    case Metric::Time:
      return words.duration(figures.visit_seconds());
    default:
      return words.number(static_cast<std::int64_t>(metric_value(metric, figures)));
  }
}

std::string metric_change(const Words& words, Metric metric, const Figures& now, const Figures& before) {
  const double new_value = metric_value(metric, now), old_value = metric_value(metric, before);
  if (metric != Metric::Consent && metric != Metric::Bounce) return words.change(new_value, old_value);
  return before.views == 0 ? std::string() : words.points(new_value, old_value);
}

Chart metric_chart(const Words& words, Metric metric, const Series& series,
                   const std::vector<Annotation>& notes) {
  Chart chart;
  chart.title = std::string(words(metric_text(metric))) + " " +
                std::string(words(granularity_text(series.granularity)));
  chart.time_title = words(Text::time);
  chart.now = line_of(words, metric, series.granularity, series.now);
  chart.before = line_of(words, metric, series.granularity, series.before);
  if (series.now.empty()) return chart;
  for (const auto& note : notes)
    chart.notes.push_back(
        {point_of(series.now, note.days.first), point_of(series.now, note.days.last), note.text});
  double top = 0;
  for (const auto* line : {&chart.now, &chart.before}) {
    for (const auto& point : line->points)
      top = std::max({top, point.value, line == &chart.now ? point.high.value_or(0) : 0});
  }
  if (metric == Metric::Consent || metric == Metric::Bounce) {
    chart.top_text = words.percent(top);
  } else {
    chart.top_text =
        metric == Metric::Time ? words.duration(top) : words.number(static_cast<std::int64_t>(top));
  }
  return chart;
}

}  // namespace portvakt::insights
