// A site's clock: which calendar day and hour it is there, by the rules of the IANA time zone database as the
// system has them (RFC 8536, /usr/share/zoneinfo). An immutable value; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "insights/day.h"
#include "proxy/base/result.h"

namespace portvakt::insights {

class TimeZone {
 public:
  /// UTC.
  TimeZone() = default;
  /// `Europe/Oslo`. Invalid: there is no such zone on this machine.
  static Result<TimeZone> load(std::string_view name);
  /// What a zone file holds.
  static Result<TimeZone> parse(std::string_view name, std::string_view bytes);

  const std::string& name() const { return name_; }
  /// What to add to UTC then.
  std::chrono::seconds offset(WallTime time) const;
  Day day(WallTime time) const;
  /// The first moment of a day; the day ends where the next begins.
  WallTime begin(Day day) const;
  /// 0 to 23.
  int hour(WallTime time) const;

 private:
  /// When summer or winter time begins: `M3.5.0/2`, a Julian day or a day of the year.
  struct Turn {
    char form = 'M';
    int month = 0, week = 0, day = 0;
    std::int64_t second = 7200;
  };
  /// The rule that holds after the last transition that the file lists.
  struct Rule {
    std::int64_t standard = 0;
    std::int64_t summer = 0;
    bool changes = false;
    Turn to_summer, to_standard;
  };
  class Reader;
  class RuleReader;
  static std::int64_t turn_second(const Turn& turn, std::int64_t year);
  std::int64_t rule_offset(std::int64_t second) const;

  std::string name_ = "UTC";
  std::vector<std::int64_t> transitions_;  // seconds since 1970, rising
  std::vector<std::int64_t> offsets_;      // from each of them on
  std::int64_t first_offset_ = 0;
  Rule rule_;
  bool has_rule_ = true;
};

}  // namespace portvakt::insights
