// Rules by host and path, as the catalogue and a site's own rules write them: `host`, `*.host`,
// `host/path?query`. Found by the host and its parent domains in a few hash look-ups; nothing is allocated
// then. Filled once, then const.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace portvakt::tags {

/// A path prefix, and parameters that the query must hold.
class PathPattern {
 public:
  PathPattern() = default;
  explicit PathPattern(std::string_view text);

  bool empty() const { return path_.empty(); }
  bool matches(std::string_view path, std::string_view query) const;
  /// How much it says: the number of its characters.
  std::size_t weight() const { return weight_; }

 private:
  std::string path_;
  std::vector<std::string> parameters_;
  bool needs_query_ = false;
  std::size_t weight_ = 0;
};

/// A query holds a parameter that begins like `wanted`. One that ends in a dash is followed by an identifier.
bool has_parameter(std::string_view query, std::string_view wanted);

struct HostRule {
  PathPattern path;
  std::size_t owner = 0;  // whatever the caller numbers
  std::string_view text;  // as written; the caller keeps it
  int line = 0;
  /// The exact host says more than the domain above it.
  std::size_t exactness = 0;
};

class HostRules {
 public:
  /// `text` outlives the rules.
  void add(std::string_view text, int line, std::size_t owner);

  /// Every rule for this host, whatever its path. `host` in lower case, without a dot at its end.
  template <typename Visit>
  void for_each(std::string_view host, Visit visit) const {
    visit_all(exact_, host, visit);
    for (std::string_view domain = host; !domain.empty();) {
      visit_all(domains_, domain, visit);
      const std::size_t dot = domain.find('.');
      domain.remove_prefix(dot == std::string_view::npos ? domain.size() : dot + 1);
    }
    for (const auto& [pattern, rule] : patterns_) {
      if (fits(pattern, host)) visit(rule);
    }
  }

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  using Map = std::unordered_map<std::string, std::vector<HostRule>, Hash, std::equal_to<>>;

  template <typename Visit>
  static void visit_all(const Map& map, std::string_view key, Visit& visit) {
    const auto found = map.find(key);
    if (found == map.end()) return;
    for (const HostRule& rule : found->second) visit(rule);
  }
  static bool fits(std::string_view pattern, std::string_view host);

  Map exact_;
  Map domains_;
  std::vector<std::pair<std::string, HostRule>> patterns_;  // a star inside: few
};

}  // namespace portvakt::tags
