#include "insights/pages/charts.h"

#include <algorithm>

#include "insights/pages/labels.h"

namespace portvakt::insights {
namespace {

constexpr std::int64_t kHeight = 1000;
constexpr std::int64_t kStep = 10;  // of a day, its gap included
constexpr std::int64_t kBar = 8;

std::string rectangle(std::string_view style, std::int64_t x, std::int64_t y, std::int64_t width,
                      std::int64_t height) {
  std::string out = "<rect class=\"";
  out.append(style).append("\" x=\"" + std::to_string(x) + "\" y=\"" + std::to_string(y));
  return out.append("\" width=\"" + std::to_string(width) + "\" height=\"" + std::to_string(height) + "\"/>");
}

std::int64_t scaled(std::int64_t number, std::int64_t largest, std::int64_t length) {
  return largest > 0 ? number * length / largest : 0;
}

std::string day_title(const DayRow& row) {
  return date_text(row.day) + ": " + number_text(row.views.all) + " page views, " +
         number_text(row.views.consented) + " with analytics consent";
}

}  // namespace

std::int64_t largest_day(const std::vector<DayRow>& days) {
  std::int64_t largest = 0;
  for (const auto& row : days) largest = std::max(largest, row.views.all);
  return largest;
}

std::string day_chart(const std::vector<DayRow>& days, Day today) {
  const auto largest = largest_day(days);
  std::int64_t place = 0;
  const auto width = static_cast<std::int64_t>(days.size()) * kStep;
  std::string out =
      "<svg class=\"chart\" role=\"img\" aria-label=\"Page views by day, at most " + number_text(largest) +
      " on one day; the figures are in the table below\" viewBox=\"0 0 " + std::to_string(width) + " " +
      std::to_string(kHeight) + "\" preserveAspectRatio=\"none\">\n";
  for (const auto& row : days) {
    const auto all = scaled(row.views.all, largest, kHeight);
    const auto with = scaled(row.views.consented, largest, kHeight);
    out += row.day == today ? "<g class=\"open\"><title>" : "<g><title>";
    out += day_title(row) + (row.day == today ? ", until now" : "") + "</title>";
    out += rectangle("hit", place, 0, kStep, kHeight) + rectangle("all", place + 1, kHeight - all, kBar, all);
    out += rectangle("with", place + 1, kHeight - with, kBar, with) + "</g>\n";
    place += kStep;
  }
  return out + "</svg>\n";
}

std::string row_bar(const Count& count, std::int64_t largest) {
  std::string out = "<svg aria-hidden=\"true\" viewBox=\"0 0 1000 1\" preserveAspectRatio=\"none\"><title>";
  out += number_text(count.all) + ", " + number_text(count.consented) + " with analytics consent</title>";
  out += rectangle("all", 0, 0, scaled(count.all, largest, 1000), 1);
  return out + rectangle("with", 0, 0, scaled(count.consented, largest, 1000), 1) + "</svg>";
}

}  // namespace portvakt::insights
