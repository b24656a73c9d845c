#include "proxy/logs/records/subject.h"

#include <algorithm>

#include "proxy/base/ascii.h"
#include "proxy/base/crypto.h"

namespace portvakt::logs {
namespace {

constexpr std::size_t kDigestBytes = 16;

bool is_base64url(char c) {
  return ascii::is_alnum(c) || c == '-' || c == '_';
}

}  // namespace

std::string subject_of(std::string_view site, std::string_view visitor) {
  std::string message("portvakt subject");
  message.append(1, '\0').append(site).append(1, '\0').append(visitor);
  return ascii::base64url(std::string_view(crypto::sha256(message)).substr(0, kDigestBytes));
}

bool is_subject(std::string_view text) {
  return text.size() == kSubjectSize && std::ranges::all_of(text, is_base64url);
}

}  // namespace portvakt::logs
