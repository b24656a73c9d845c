// The strict subset of YAML that configuration files use: maps, lists and scalars with their places, every
// scalar kept as the text that was written (`NO` stays NO). Refused with a diagnostic: repeated keys,
// anchors, aliases, merge keys, tags, keys that are not plain words, several documents, and anything deeper
// or longer than a configuration needs.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/places.h"
#include "proxy/base/diagnostics.h"

namespace portvakt::config {

inline constexpr std::size_t kMaxTextBytes = 4U << 20;
/// A file that is wrong throughout would bury its first faults.
inline constexpr std::size_t kMaxErrors = 1000;

struct YamlEntry;

struct YamlNode {
  enum class Kind { Null, Scalar, List, Map };
  Kind kind = Kind::Null;
  Place place;
  std::string text;                // of a scalar
  std::vector<YamlNode> items;     // of a list
  std::vector<YamlEntry> entries;  // of a map, in the file's order, without repeated keys
};

struct YamlEntry {
  std::string key;
  Place place;
  YamlNode value;
};

/// Empty when the text is not YAML at all; other faults are reported and left out of the tree.
std::optional<YamlNode> parse_yaml(std::string_view text, const Places& places, Diagnostics& diagnostics);

}  // namespace portvakt::config
