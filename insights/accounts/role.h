// What somebody may do with a site's reports. A value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace portvakt::insights {

/// Each may do what those before it may. Viewer: read and export. Editor: annotate, share, propose rules.
/// Admin (of all sites): accounts.
enum class Role : std::uint8_t { Viewer = 1, Editor = 2, Admin = 3 };

inline constexpr std::string_view kEverySite = "*";

struct Grant {
  std::string site;  // or kEverySite
  Role role = Role::Viewer;
  friend bool operator==(const Grant&, const Grant&) = default;
};

std::string_view role_name(Role role);
std::optional<Role> find_role(std::string_view name);

/// `viewer`, `editor:ferry.example`: without a site, for all of them.
std::optional<Grant> parse_grant(std::string_view text);

/// The strongest that the grants give for a site; empty: none, the site is not to be seen.
std::optional<Role> role_on(const std::vector<Grant>& grants, std::string_view site);

}  // namespace portvakt::insights
