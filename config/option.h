// One option of the configuration file as a row of a table. The same rows drive reading, error messages, the
// JSON Schema and the reference page, so an option exists in all of them or in none. Rows live in
// options_*.cc, one file a section; adding an option is adding a row and a member of the Model.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/model.h"

namespace portvakt::config {

/// What a single value is.
enum class Kind : std::uint8_t {
  Section,  // a map of further options
  Text,
  Name,          // of a site: part of keys and labels
  Host,          // host name or pattern, no port
  File,          // path, relative to the file
  TcpAddress,    // where to listen
  AdminAddress,  // the same, or unix:PATH
  Network,       // CIDR block
  Upstream,      // http://host:port
  UrlPath,       // /path/
  Link,          // /path or https URL
  Duration,      // number with unit; counted in milliseconds
  Size,          // bytes, with or without unit
  Integer,
  Choice,      // one of the words
  Flag,        // on or off
  ConsentKey,  // secret
  RedisUrl,    // secret
  RedisPrefix,
  CountryCode,
  VendorId,
  CookiePattern,
  QueryName,
  PathPattern,
  Colour,    // #rrggbb
  SitePath,  // a path on the site
  LanguageTag,
};

enum class Shape : std::uint8_t { Single, List, Map };

/// A value that was checked against its option's kind; the fields that the kind does not name are unused.
struct Value {
  std::string key;           // of a map's entry
  std::string text;          // every kind; hosts in lower case
  std::uint64_t number = 0;  // Duration in ms, Size, Integer, Choice (index of the word), Flag (0 or 1)
  std::filesystem::path path;
  ListenAddress address;
  IpNetwork network;
  config::Upstream upstream;
  config::Secret secret;
};

inline constexpr std::string_view kNoDefault;
inline constexpr std::span<const std::string_view> kNoWords;

struct Option {
  std::string_view path;  // as in sites[].consent.purposes
  Shape shape = Shape::Single;
  Kind kind = Kind::Section;
  Kind key_kind = Kind::Text;  // of a map's keys
  bool required = false;
  /// Of a list of sections: the option in it that an entry of a single value stands for.
  std::string_view short_for = {};
  std::string_view fallback = kNoDefault;  // the default as text; empty: none
  std::uint64_t least = 0;                 // of Duration, Size, Integer
  std::uint64_t most = 0;                  // 0: no bound
  std::span<const std::string_view> words = kNoWords;
  std::string_view help;
  /// Before the first value of a list or map, and before each section of a list of sections.
  void (*open)(Model&) = nullptr;
  /// For each value. In a list of sections the current section is the last one.
  void (*set)(Model&, Value&&) = nullptr;

  std::string_view name() const;
  /// The path of the section that holds it: `sites[]` for `sites[].name`, empty at the top.
  std::string_view parent() const;
};

std::span<const Option> server_options();
std::span<const Option> consent_options();
std::span<const Option> log_options();
std::span<const Option> insights_options();
std::span<const Option> limit_options();
std::span<const Option> site_options();
std::span<const Option> privacy_options();
std::span<const Option> banner_options();
std::span<const Option> upstream_options();

/// All of them, in the order of the reference page.
std::vector<Option> all_options();

}  // namespace portvakt::config
