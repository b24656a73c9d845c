#include "insights/desk/gate.h"

#include <algorithm>

#include "proxy/base/ascii.h"
#include "proxy/base/crypto.h"
#include "proxy/http/cookie.h"

namespace portvakt::insights {
namespace {

constexpr std::string_view kPlainCookie = "portvakt_insights";
constexpr std::string_view kSecureCookie = "__Host-portvakt_insights";

bool holds(const std::vector<IpNetwork>& networks, const std::optional<IpAddress>& peer) {
  return peer &&
         std::ranges::any_of(networks, [&](const IpNetwork& network) { return network.contains(*peer); });
}

/// Two of one name are none: one of them is somebody else's.
std::string session_of(const http::HeaderMap& headers, std::string_view cookie) {
  const auto values = http::find_cookies(headers, cookie);
  return values.size() == 1 ? std::string(values.front()) : std::string();
}

std::string bearer_of(const http::HeaderMap& headers) {
  const auto value = headers.find("Authorization").value_or(std::string_view());
  constexpr std::string_view kScheme = "Bearer ";
  return ascii::istarts_with(value, kScheme) ? std::string(ascii::trim(value.substr(kScheme.size())))
                                             : std::string();
}

}  // namespace

Gate::Gate(Database& accounts, const Clock& clock, GateSettings settings)
    : accounts_(accounts),
      sessions_(accounts),
      keys_(accounts),
      clock_(clock),
      settings_(std::move(settings)),
      process_key_(crypto::random_bytes(32)) {}

Result<std::optional<Reader>> Gate::reader_of(const std::string& account) {
  auto found = accounts_.find(account);
  if (!found) return tl::unexpected(found.error());
  if (!*found) return std::nullopt;
  return Reader{(*found)->name, std::move((*found)->grants), {}, {}};
}

Result<std::optional<Reader>> Gate::find_reader(const http_server::Request& request) {
  if (settings_.open)
    return Reader{{}, {{std::string(kEverySite), Role::Editor}}, form_token(process_key_), {}};
  if (!settings_.sign_on_header.empty() && holds(settings_.sign_on_from, request.peer)) {
    const auto names = request.headers.all(settings_.sign_on_header);
    if (names.size() == 1) {
      auto reader = reader_of(std::string(ascii::trim(names.front())));
      if (reader && *reader) (*reader)->form_token = form_token(process_key_ + (*reader)->name);
      return reader;
    }
  }
  const auto token = session_of(request.headers, came_secure(request) ? kSecureCookie : kPlainCookie);
  if (!token.empty()) {
    const auto account = sessions_.find(token, clock_.wall());
    if (!account) return tl::unexpected(account.error());
    if (!*account) return std::nullopt;
    auto reader = reader_of(**account);
    if (reader && *reader) {
      (*reader)->form_token = form_token(token);
      (*reader)->session_token = token;
    }
    return reader;
  }
  const auto key = bearer_of(request.headers);
  if (key.empty()) return std::nullopt;
  const auto account = keys_.find(key);
  if (!account) return tl::unexpected(account.error());
  return *account ? reader_of(**account) : Result<std::optional<Reader>>(std::nullopt);
}

bool Gate::came_secure(const http_server::Request& request) const {
  if (!holds(settings_.trusted_proxies, request.peer)) return false;
  return ascii::iequals(request.headers.find("X-Forwarded-Proto").value_or(std::string_view()), "https");
}

std::string Gate::session_cookie(const http_server::Request& request, std::string_view token) const {
  const bool secure = came_secure(request);
  std::string out(secure ? kSecureCookie : kPlainCookie);
  out.append("=").append(token).append("; Path=/; HttpOnly; SameSite=Lax");
  if (secure) out += "; Secure";
  if (token.empty()) return out + "; Max-Age=0";
  return out + "; Max-Age=" + std::to_string(std::chrono::seconds(kSessionLife).count());
}

}  // namespace portvakt::insights
