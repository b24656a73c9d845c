// The data protection authorities of Europe: a visitor complains to the one of the country where they live
// (GDPR article 77). A constant table.
#pragma once

#include <string_view>

namespace portvakt::consent {

struct KnownAuthority {
  std::string_view country;  // ISO 3166-1 alpha-2
  std::string_view name;     // as it calls itself
  std::string_view url;
};

/// Null for a country whose authority is not known, an empty one included.
const KnownAuthority* find_authority(std::string_view country);

}  // namespace portvakt::consent
