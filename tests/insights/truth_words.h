// What the plain calculation knows of texts, patterns and the C library's clock. For truth*.cc alone.
#pragma once

#include <algorithm>
#include <ctime>
#include <set>
#include <string>
#include <string_view>

#include "tests/insights/truth.h"

namespace portvakt::insights::truth {

constexpr std::int64_t kHalfHour = 1'800'000;

inline std::tm local(std::int64_t milliseconds) {
  const std::time_t second = milliseconds / 1000;
  std::tm parts{};
  ::localtime_r(&second, &parts);
  return parts;
}

inline Day civil(int year, int month, int day) {
  std::tm parts{};
  parts.tm_year = year - 1900, parts.tm_mon = month - 1, parts.tm_mday = day;
  return ::timegm(&parts) / 86400;
}

inline bool text_fits(const Filter& filter, const std::string& text) {
  return std::any_of(filter.values.begin(), filter.values.end(), [&](const std::string& value) {
    if (filter.match == Match::Contains) return text.find(value) != std::string::npos;
    if (filter.match == Match::Begins) return text.rfind(value, 0) == 0;
    return text == value;
  });
}

inline std::string section(const std::string& path) {
  const auto slash = path.find('/', 1);
  return slash == std::string::npos ? path : path.substr(0, slash);
}

inline bool pattern_fits(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return text.empty();
  if (pattern[0] == '*')
    return pattern_fits(pattern.substr(1), text) || (!text.empty() && pattern_fits(pattern, text.substr(1)));
  return !text.empty() && text[0] == pattern[0] && pattern_fits(pattern.substr(1), text.substr(1));
}

/// Back to the quarter of an hour in which the hour's number began.
inline std::int64_t hour_begin(std::int64_t time) {
  auto hour = time - time % 900'000;
  while (local_hour(hour - 900'000) == local_hour(hour) && hour - 900'000 > time - 3'600'000 &&
         local(hour).tm_min != 0)
    hour -= 900'000;
  return hour;
}

inline bool only_visits(Dimension by) {
  static const std::set<Dimension> known = {Dimension::Entry,      Dimension::Exit,     Dimension::Screen,
                                            Dimension::Outbound,   Dimension::Download, Dimension::Form,
                                            Dimension::GoalReached};
  return known.contains(by);
}

inline std::string event_name(Dimension by) {
  return by == Dimension::Outbound ? "outbound" : by == Dimension::Download ? "download" : "form";
}

}  // namespace portvakt::insights::truth
