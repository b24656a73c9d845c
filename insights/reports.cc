#include "insights/reports.h"

#include <algorithm>
#include <cmath>

namespace portvakt::insights {
namespace {

/// Of the normal distribution: 95 of 100 cases lie within so many standard deviations.
constexpr double kNinetyFive = 1.96;

std::optional<double> ratio(std::int64_t part, std::int64_t whole) {
  if (whole <= 0) return std::nullopt;
  return static_cast<double>(part) / static_cast<double>(whole);
}

std::optional<double> seconds(std::int64_t milliseconds, std::int64_t count) {
  const auto mean = ratio(milliseconds, count);
  return mean ? std::optional(*mean / 1000) : std::nullopt;
}

}  // namespace

std::optional<double> Coverage::share() const {
  return ratio(consented, all);
}

std::optional<Estimate> estimate(std::int64_t seen, const Coverage& coverage) {
  const auto share = coverage.share();
  if (!share || *share <= 0) return std::nullopt;
  // If each visit consents with the chance `share`, those seen of N are binomial: N is about seen / share,
  // with this deviation.
  const double likely = static_cast<double>(seen) / *share;
  const double deviation = std::sqrt(static_cast<double>(seen) * std::max(0.0, 1 - *share)) / *share;
  const auto low = static_cast<std::int64_t>(std::floor(likely - kNinetyFive * deviation));
  return Estimate{std::llround(likely), std::max(seen, low),
                  static_cast<std::int64_t>(std::ceil(likely + kNinetyFive * deviation))};
}

std::optional<double> Figures::bounce_rate() const {
  return ratio(bounces, visits);
}
std::optional<double> Figures::visit_seconds() const {
  return seconds(visit_milliseconds, visits);
}
std::optional<double> Figures::view_seconds() const {
  return seconds(view_milliseconds, timed_views);
}
std::optional<double> Figures::views_per_visit() const {
  return ratio(visit_views, visits);
}

}  // namespace portvakt::insights
