#include "insights/desk/forms.h"

#include "proxy/base/ascii.h"
#include "proxy/base/crypto.h"

namespace portvakt::insights {
namespace {

std::string exclusive_or(std::string_view a, std::string_view b) {
  std::string out(a);
  for (std::size_t place = 0; place < out.size() && place < b.size(); ++place) {
    out[place] =
        static_cast<char>(static_cast<unsigned char>(out[place]) ^ static_cast<unsigned char>(b[place]));
  }
  return out;
}

}  // namespace

bool from_own_page(const http_server::Request& request) {
  if (const auto site = request.headers.find("Sec-Fetch-Site")) return *site == "same-origin";
  const auto origin = request.headers.find("Origin");
  if (!origin || request.authority.empty()) return false;
  return *origin == "http://" + request.authority || *origin == "https://" + request.authority;
}

std::string own_path(std::string_view text) {
  const bool fits = text.size() > 0 && text.size() <= 2048 && text[0] == '/' &&
                    (text.size() == 1 || (text[1] != '/' && text[1] != '\\'));
  for (const char c : text) {
    if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7f) return "/";
  }
  return fits ? std::string(text) : "/";
}

http_server::Answer see_other(std::string location) {
  return {303, "text/plain; charset=utf-8", "see " + location + "\n", {{"Location", location}}};
}

std::string mask_token(std::string_view token) {
  const auto mask = crypto::random_bytes(token.size());
  return ascii::base64url(mask + exclusive_or(token, mask));
}

bool is_masked(std::string_view masked, std::string_view token) {
  const auto bytes = ascii::parse_base64url(masked);
  if (!bytes || token.empty() || bytes->size() != token.size() * 2) return false;
  const auto mask = bytes->substr(0, token.size()), rest = bytes->substr(token.size());
  return crypto::equal_in_constant_time(exclusive_or(rest, mask), token);
}

}  // namespace portvakt::insights
