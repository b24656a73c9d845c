#include "proxy/http/upgrade.h"

#include "proxy/base/ascii.h"

namespace portvakt::http {
namespace {

constexpr std::string_view kWebSocket = "websocket";

}  // namespace

std::string requested_protocol(const RequestHead& head, const Framing& framing) {
  const bool may_upgrade =
      head.method == "GET" && head.version == Version::Http11 && framing.kind == BodyFraming::None;
  if (!may_upgrade || !head.headers.has_token("Connection", "upgrade") ||
      !head.headers.has_token("Upgrade", kWebSocket)) {
    return {};
  }
  return std::string(kWebSocket);
}

bool accepts_protocol(const ResponseHead& head, std::string_view protocol) {
  const auto upgrades = head.headers.all("Upgrade");
  return !protocol.empty() && head.version == Version::Http11 && upgrades.size() == 1 &&
         ascii::iequals(upgrades[0], protocol) && head.headers.has_token("Connection", "upgrade");
}

}  // namespace portvakt::http
