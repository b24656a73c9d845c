#include "insights/accounts/role.h"

namespace portvakt::insights {

std::string_view role_name(Role role) {
  switch (role) {
    case Role::Viewer:
      return "viewer";
    case Role::Editor:
      return "editor";
    case Role::Admin:
      return "admin";
  }
  return "viewer";
}

std::optional<Role> find_role(std::string_view name) {
  for (const auto role : {Role::Viewer, Role::Editor, Role::Admin}) {
    if (role_name(role) == name) return role;
  }
  return std::nullopt;
}

std::optional<Grant> parse_grant(std::string_view text) {
  const auto colon = text.find(':');
  const auto role = find_role(text.substr(0, colon));
  if (!role) return std::nullopt;
  if (colon == std::string_view::npos) return Grant{std::string(kEverySite), *role};
  if (colon + 1 == text.size()) return std::nullopt;
  return Grant{std::string(text.substr(colon + 1)), *role};
}

std::optional<Role> role_on(const std::vector<Grant>& grants, std::string_view site) {
  std::optional<Role> best;
  for (const auto& grant : grants) {
    if (grant.site != kEverySite && grant.site != site) continue;
    if (!best || grant.role > *best) best = grant.role;
  }
  return best;
}

}  // namespace portvakt::insights
