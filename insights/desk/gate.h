// Who is asking. In the order of trust: a header of the operator's own sign-on, believed from named peers
// only; a session's cookie; an API key, for reading. Enforcing: in doubt nobody. Lives on the reports' loop.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "insights/accounts/accounts.h"
#include "insights/accounts/api_keys.h"
#include "insights/accounts/sessions.h"
#include "proxy/http_server/http_server.h"

namespace portvakt::insights {

struct GateSettings {
  /// Made-up figures on loopback: no sign-in, nobody can become an admin.
  bool open = false;
  std::string sign_on_header;              // empty: there is none
  std::vector<IpNetwork> sign_on_from;     // who may send it
  std::vector<IpNetwork> trusted_proxies;  // whose X-Forwarded-Proto is believed
};

struct Reader {
  std::string name;  // empty: where nobody has to sign in
  std::vector<Grant> grants;
  std::string form_token;     // empty: this reader cannot change anything
  std::string session_token;  // empty: not by a session

  std::optional<Role> role(std::string_view site) const { return role_on(grants, site); }
  bool may(Role least, std::string_view site) const {
    const auto mine = role(site);
    return mine && *mine >= least;
  }
  bool is_admin() const { return may(Role::Admin, kEverySite); }
};

class Gate {
 public:
  Gate(Database& accounts, const Clock& clock, GateSettings settings);

  /// Empty: nobody that we know.
  Result<std::optional<Reader>> find_reader(const http_server::Request& request);

  /// Whether the reader's browser spoke TLS, to us or to a proxy that we trust.
  bool came_secure(const http_server::Request& request) const;
  /// `Set-Cookie` for a session; without a token it removes the cookie.
  std::string session_cookie(const http_server::Request& request, std::string_view token) const;
  bool open() const { return settings_.open; }

 private:
  Result<std::optional<Reader>> reader_of(const std::string& account);

  Accounts accounts_;
  Sessions sessions_;
  ApiKeys keys_;
  const Clock& clock_;
  const GateSettings settings_;
  const std::string process_key_;  // of forms without a session
};

}  // namespace portvakt::insights
