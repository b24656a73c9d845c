#include <cstdlib>
#include <utility>

#include "config/address_value.h"
#include "config/model.h"

namespace portvakt::config {
namespace {

/// The user's folder for state that should survive restarts (XDG Base Directory: XDG_STATE_HOME).
std::filesystem::path state_folder() {
  const char* state = std::getenv("XDG_STATE_HOME");
  if (state != nullptr && *state == '/') return std::filesystem::path(state) / "portvakt";
  const char* home = std::getenv("HOME");
  if (home != nullptr && *home == '/') return std::filesystem::path(home) / ".local/state/portvakt";
  return "/var/lib/portvakt";
}

tl::unexpected<Error> invalid(const Fault& fault) {
  const auto help = fault.suggestion.empty() ? "" : " (" + fault.suggestion + ")";
  return failure(ErrorKind::Invalid, fault.text + help);
}

}  // namespace

Result<Model> quick_model(std::string_view upstream, std::string_view listen) {
  auto server = parse_upstream(upstream);
  if (!server) return invalid(server.error());
  auto address = parse_tcp_address(listen);
  if (!address) return invalid(address.error());
  Model model;
  model.listeners.push_back({std::move(*address), {}});
  model.log.spool.path = state_folder() / "spool";
  model.consent.signing_keys.push_back({{}, state_folder() / "consent.key"});
  Site site;
  site.name = "site";
  site.hosts = {"*"};
  site.upstreams.push_back(std::move(*server));
  model.sites.push_back(std::move(site));
  return model;
}

}  // namespace portvakt::config
