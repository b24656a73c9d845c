// A regular expression as a tree, as far as uap-core's data uses them: characters, sets, groups,
// alternatives, repetitions, `^`, `$` and `\b`. Used by the build alone.
#pragma once

#include <bitset>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace portvakt::agents {

using Bytes = std::bitset<256>;

struct Node {
  enum class Kind { Empty, Set, Sequence, Choice, Repeat, Group, Begin, End, WordBoundary };
  Kind kind = Kind::Empty;
  Bytes bytes;                               // Set
  std::vector<std::unique_ptr<Node>> parts;  // Sequence, Choice; Repeat and Group have one
  std::uint16_t least = 0, most = 0;         // Repeat
  bool greedy = true;
  int group = 0;  // Group: its number; 0 does not take anything
};

/// `ignore_case`: the expression will be run over text in lower case. Exits with a message if it cannot be
/// read: the build then fails.
std::unique_ptr<Node> parse_expression(std::string_view text, bool ignore_case);

/// Bytes that a match may begin with; all of them when it may be empty.
Bytes first_bytes(const Node& node);
bool may_be_empty(const Node& node);

}  // namespace portvakt::agents
