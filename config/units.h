// Numbers with units as people write them: `30s`, `1GiB`. Units are not case-sensitive.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace portvakt::config {

/// Milliseconds. Only zero needs no unit.
std::optional<std::uint64_t> parse_duration(std::string_view text);
/// Bytes. Without a unit: bytes.
std::optional<std::uint64_t> parse_size(std::string_view text);

/// In the largest unit that divides the number.
std::string format_duration(std::uint64_t milliseconds);
std::string format_size(std::uint64_t bytes);

}  // namespace portvakt::config
