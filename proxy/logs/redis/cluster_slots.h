// Where a cluster keeps a key: its hash slot (CRC16 of what is in braces), and which key a command is about.
// Pure functions over the bytes of commands that redis_command.h wrote.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace portvakt::logs {

inline constexpr std::size_t kClusterSlots = 16384;

/// Redis cluster specification, "Key distribution model" and "Hash tags".
std::uint16_t slot_of(std::string_view key);

/// One command of a run.
struct CommandSpan {
  std::string_view bytes;
  std::string_view key;  // empty: it is about no key
  enum class Part : std::uint8_t { Alone, Opens, Closes };
  Part part = Part::Alone;  // of a transaction: MULTI, and EXEC or DISCARD
};

/// Takes the first command off the front of `commands`; empty at the end, or if they are not well formed.
std::optional<CommandSpan> take_command(std::string_view& commands);

}  // namespace portvakt::logs
