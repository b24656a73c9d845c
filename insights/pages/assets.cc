#include "insights/pages/assets.h"

#include "proxy/base/ascii.h"
#include "proxy/base/crypto.h"

namespace portvakt::insights {
namespace {

std::string asset_path(std::string_view name, std::string_view ending, std::string_view text) {
  const auto hash = ascii::base64url(crypto::sha256(text)).substr(0, 12);
  return "/assets/" + std::string(name) + "-" + hash + std::string(ending);
}

}  // namespace

const std::string& style_path() {
  static const std::string path = asset_path("style", ".css", style_text());
  return path;
}

const std::string& script_path() {
  static const std::string path = asset_path("script", ".js", script_text());
  return path;
}

std::string_view page_policy() {
  return "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; "
         "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
}

}  // namespace portvakt::insights
