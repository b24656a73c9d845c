// One third party, cookie or storage key met in one exchange. A value; its name is fit to be kept: masked
// where it could single somebody out.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace portvakt::filters {

enum class SeenKind : std::uint8_t { Host, Cookie, Storage };

/// The word for it, as in Redis and JSON: `host`, `cookie`, `storage`.
constexpr std::string_view kind_name(SeenKind kind) {
  if (kind == SeenKind::Host) return "host";
  return kind == SeenKind::Cookie ? "cookie" : "storage";
}

inline constexpr std::int64_t kUnknownLifetime = -1;

struct Sighting {
  SeenKind kind = SeenKind::Host;
  std::string name;
  std::string vendor;                        // id of the catalogue; empty: no rule knows it
  std::string purpose;                       // name; empty: unknown
  bool held = false;                         // it did not pass
  std::int64_t lifetime = kUnknownLifetime;  // of a cookie that was set, in seconds; 0: with the browser
};

}  // namespace portvakt::filters
