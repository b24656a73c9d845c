#include "insights/time_zone.h"

#include <algorithm>
#include <chrono>

#include "proxy/base/ascii.h"
#include "proxy/base/file.h"

namespace portvakt::insights {
namespace {

using std::chrono::seconds;

constexpr std::string_view kFolder = "/usr/share/zoneinfo/";
constexpr std::size_t kMaxZoneFile = 256 * 1024;
constexpr std::size_t kMaxZoneName = 64;
constexpr std::size_t kHeaderSize = 44;
constexpr std::int64_t kDaySeconds = 86400;

bool is_zone_name(std::string_view name) {
  if (name.empty() || name.size() > kMaxZoneName || !ascii::is_alpha(name[0])) return false;
  return std::ranges::all_of(
      name, [](char c) { return ascii::is_alnum(c) || c == '/' || c == '_' || c == '-' || c == '+'; });
}

tl::unexpected<Error> unreadable(std::string_view name) {
  return failure(ErrorKind::Invalid, "the time zone file of " + std::string(name) + " cannot be read");
}

std::int64_t floor_second(WallTime time) {
  return std::chrono::floor<seconds>(time).time_since_epoch().count();
}

}  // namespace

/// The binary part: a header and its data twice, with 32-bit and with 64-bit times; the second counts.
class TimeZone::Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  bool read(TimeZone& zone) {
    if (!header() || version_ < '2') return false;
    const auto skipped = times_ * 5 + types_ * 6 + letters_ + leaps_ * 8 + standards_ + universals_;
    if (!skip(skipped) || !header()) return false;
    const auto size = times_ * 9 + types_ * 6 + letters_ + leaps_ * 12 + standards_ + universals_;
    if (types_ == 0 || bytes_.size() < size) return false;
    const auto* times = bytes_.data();
    const auto* kinds = times + times_ * 8;
    const auto* types = kinds + times_;
    zone.first_offset_ = static_cast<std::int32_t>(number(types, 4));
    for (std::size_t i = 0; i < times_; ++i) {
      const auto kind = static_cast<unsigned char>(kinds[i]);
      if (kind >= types_) return false;
      zone.transitions_.push_back(static_cast<std::int64_t>(number(times + i * 8, 8)));
      zone.offsets_.push_back(static_cast<std::int32_t>(number(types + kind * 6U, 4)));
    }
    skip(size);
    return std::ranges::is_sorted(zone.transitions_);
  }

  /// The rule, between two line feeds at the end.
  std::string_view footer() const {
    if (bytes_.size() < 2 || bytes_.front() != '\n') return {};
    const auto end = bytes_.find('\n', 1);
    return end == std::string_view::npos ? std::string_view() : bytes_.substr(1, end - 1);
  }

 private:
  static std::uint64_t number(const char* at, std::size_t size) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < size; ++i) value = value << 8 | static_cast<unsigned char>(at[i]);
    return value;
  }

  bool skip(std::size_t size) {
    if (bytes_.size() < size) return false;
    bytes_.remove_prefix(size);
    return true;
  }

  bool header() {
    if (bytes_.size() < kHeaderSize || !bytes_.starts_with("TZif")) return false;
    version_ = bytes_[4];
    std::size_t* const counts[] = {&universals_, &standards_, &leaps_, &times_, &types_, &letters_};
    for (std::size_t i = 0; i < 6; ++i) {
      *counts[i] = number(bytes_.data() + 20 + i * 4, 4);
      if (*counts[i] > kMaxZoneFile) return false;
    }
    return skip(kHeaderSize);
  }

  std::string_view bytes_;
  char version_ = 0;
  std::size_t universals_ = 0, standards_ = 0, leaps_ = 0, times_ = 0, types_ = 0, letters_ = 0;
};

/// `CET-1CEST,M3.5.0,M10.5.0/3`: POSIX's TZ with RFC 8536's wider hours.
class TimeZone::RuleReader {
 public:
  explicit RuleReader(std::string_view text) : text_(text) {}

  bool read(Rule& rule) {
    std::int64_t west = 0;
    if (!skip_name() || !time(west)) return false;
    rule.standard = rule.summer = -west;
    if (text_.empty()) return true;
    if (!skip_name()) return false;
    rule.summer = rule.standard + 3600;
    if (!text_.starts_with(",")) {
      if (!time(west)) return false;
      rule.summer = -west;
    }
    rule.changes = turn(rule.to_summer) && turn(rule.to_standard) && text_.empty();
    return rule.changes;
  }

 private:
  bool take(char c) {
    if (!text_.starts_with(c)) return false;
    text_.remove_prefix(1);
    return true;
  }

  bool skip_name() {
    const bool quoted = take('<');
    const auto end = quoted ? text_.find('>') : text_.find_first_of("+-,0123456789");
    if (end == 0 || (quoted && end == std::string_view::npos)) return false;
    text_.remove_prefix(std::min(end, text_.size()));
    return !quoted || take('>');
  }

  bool number(int& value) {
    std::size_t size = 0;
    value = 0;
    for (; size < text_.size() && size < 4 && ascii::is_digit(text_[size]); ++size)
      value = value * 10 + (text_[size] - '0');
    text_.remove_prefix(size);
    return size > 0;
  }

  bool time(std::int64_t& second) {
    const bool negative = take('-');
    if (!negative) take('+');
    int part = 0;
    if (!number(part)) return false;
    second = part * 3600LL;
    for (const int unit : {60, 1}) {
      if (!take(':')) break;
      if (!number(part)) return false;
      second += static_cast<std::int64_t>(part) * unit;
    }
    if (negative) second = -second;
    return true;
  }

  bool turn(Turn& turn) {
    if (!take(',')) return false;
    if (take('M')) {
      turn.form = 'M';
      if (!number(turn.month) || !take('.') || !number(turn.week) || !take('.') || !number(turn.day))
        return false;
      if (turn.month < 1 || turn.month > 12 || turn.week < 1 || turn.week > 5 || turn.day > 6) return false;
    } else {
      turn.form = take('J') ? 'J' : 'D';
      if (!number(turn.day)) return false;
    }
    return !take('/') || time(turn.second);
  }

  std::string_view text_;
};

Result<TimeZone> TimeZone::load(std::string_view name) {
  if (name == "UTC") return TimeZone();
  if (!is_zone_name(name)) {
    return failure(ErrorKind::Invalid,
                   std::string(name) + " is not the name of a time zone, such as Europe/Oslo");
  }
  const auto bytes = read_file(std::string(kFolder) + std::string(name), kMaxZoneFile);
  if (!bytes) {
    return failure(ErrorKind::Invalid,
                   "there is no time zone " + std::string(name) + " under " + std::string(kFolder));
  }
  return parse(name, *bytes);
}

Result<TimeZone> TimeZone::parse(std::string_view name, std::string_view bytes) {
  TimeZone zone;
  zone.name_ = name;
  Reader reader(bytes);
  if (!reader.read(zone)) return unreadable(name);
  const auto footer = reader.footer();
  zone.has_rule_ = !footer.empty();
  if (zone.has_rule_ && !RuleReader(footer).read(zone.rule_)) return unreadable(name);
  return zone;
}

/// In seconds of the year's local time since 1970.
std::int64_t TimeZone::turn_second(const Turn& turn, std::int64_t year) {
  using namespace std::chrono;
  const std::chrono::year of{static_cast<int>(year)};
  sys_days date;
  if (turn.form == 'M') {
    const weekday day{static_cast<unsigned>(turn.day)};
    const month month{static_cast<unsigned>(turn.month)};
    date = turn.week == 5 ? sys_days{of / month / day[last]}
                          : sys_days{of / month / day[static_cast<unsigned>(turn.week)]};
  } else {
    const bool after_leap_day = turn.form == 'J' && of.is_leap() && turn.day >= 60;
    const int days = turn.day - (turn.form == 'J' && !after_leap_day ? 1 : 0);
    date = sys_days{of / January / 1} + std::chrono::days{days};
  }
  return date.time_since_epoch().count() * kDaySeconds + turn.second;
}

std::int64_t TimeZone::rule_offset(std::int64_t second) const {
  if (!rule_.changes) return rule_.standard;
  const std::chrono::sys_seconds local{seconds{second + rule_.standard}};
  const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(local)};
  const auto year = static_cast<int>(date.year());
  const auto summer = turn_second(rule_.to_summer, year) - rule_.standard;
  const auto standard = turn_second(rule_.to_standard, year) - rule_.summer;
  const bool is_summer =
      summer < standard ? second >= summer && second < standard : second >= summer || second < standard;
  return is_summer ? rule_.summer : rule_.standard;
}

seconds TimeZone::offset(WallTime time) const {
  const auto second = floor_second(time);
  const auto next = std::ranges::upper_bound(transitions_, second);
  if (next == transitions_.end() && has_rule_) return seconds{rule_offset(second)};
  if (next == transitions_.begin()) return seconds{first_offset_};
  return seconds{offsets_[static_cast<std::size_t>(next - transitions_.begin()) - 1]};
}

Day TimeZone::day(WallTime time) const {
  return day_of(time + offset(time));
}

int TimeZone::hour(WallTime time) const {
  const auto local = time + offset(time);
  return static_cast<int>(std::chrono::floor<std::chrono::hours>(local).time_since_epoch().count() % 24);
}

WallTime TimeZone::begin(Day day) const {
  // Local midnight lies within a day of UTC's. Where clocks go forward at midnight, the day begins later than
  // 00:00: then the moment at which the calendar turns is looked for.
  const WallTime midnight{std::chrono::days{day}};
  for (const auto around : {-1, 1}) {
    const WallTime guess = midnight - offset(midnight + std::chrono::days{around});
    if (guess + offset(guess) == midnight && this->day(guess - std::chrono::milliseconds{1}) < day)
      return guess;
  }
  WallTime before = midnight - std::chrono::days{1}, after = midnight + std::chrono::days{1};
  while (after - before > std::chrono::milliseconds{1}) {
    const WallTime middle = before + (after - before) / 2;
    (this->day(middle) < day ? before : after) = middle;
  }
  return after;
}

}  // namespace portvakt::insights
