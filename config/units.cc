#include "config/units.h"

#include <algorithm>
#include <array>
#include <limits>

#include "proxy/base/ascii.h"

namespace portvakt::config {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t factor;
};

// Of durations in milliseconds and of sizes in bytes; the first that divides a number is what it is written
// in.
constexpr std::array<Unit, 6> kDurationUnits = {
    {{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1000}, {"ms", 1}, {"w", 604'800'000}}};
constexpr std::array<Unit, 8> kSizeUnits = {{{"TiB", std::uint64_t{1} << 40},
                                             {"GiB", 1U << 30},
                                             {"MiB", 1U << 20},
                                             {"KiB", 1U << 10},
                                             {"B", 1},
                                             {"KB", 1000},
                                             {"MB", 1'000'000},
                                             {"GB", 1'000'000'000}}};

template <std::size_t N>
std::optional<std::uint64_t> parse_with_unit(std::string_view text, const std::array<Unit, N>& units,
                                             bool unit_needed) {
  const auto end = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto number = ascii::parse_uint(text.substr(0, end));
  const auto unit = ascii::trim(text.substr(end));
  if (!number) return std::nullopt;
  if (unit.empty()) return unit_needed && *number != 0 ? std::nullopt : number;
  for (const auto& known : units) {
    if (!ascii::iequals(unit, known.name)) continue;
    if (*number > std::numeric_limits<std::int64_t>::max() / known.factor) return std::nullopt;
    return *number * known.factor;
  }
  return std::nullopt;
}

template <std::size_t N>
std::string format_with_unit(std::uint64_t number, const std::array<Unit, N>& units) {
  if (number == 0) return "0";
  for (const auto& unit : units) {
    if (number % unit.factor == 0) return std::to_string(number / unit.factor) + std::string(unit.name);
  }
  return std::to_string(number);
}

}  // namespace

std::optional<std::uint64_t> parse_duration(std::string_view text) {
  return parse_with_unit(text, kDurationUnits, true);
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
  return parse_with_unit(text, kSizeUnits, false);
}

std::string format_duration(std::uint64_t milliseconds) {
  return format_with_unit(milliseconds, kDurationUnits);
}

std::string format_size(std::uint64_t bytes) {
  return format_with_unit(bytes, kSizeUnits);
}

}  // namespace portvakt::config
