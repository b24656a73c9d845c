// A secret that consent cookies are signed with, and its file: one line of base64url, at least 32 bytes,
// readable by its owner alone. Read at start and reload, never on a worker.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "proxy/base/result.h"

namespace portvakt::consent {

inline constexpr std::size_t kSigningKeyBytes = 32;

/// A value. The first key of a site signs, all verify, so that a new key can be put in front of the old one.
struct SigningKey {
  std::string id;      // first 24 bits of SHA-256 of the secret, base64url: says which key to try
  std::string secret;  // raw bytes

  static SigningKey from_secret(std::string_view secret);
  friend bool operator==(const SigningKey&, const SigningKey&) = default;
};

/// A key as its file or `${ENV}` has it. White space around it is ignored.
Result<SigningKey> parse_signing_key(std::string_view text);

/// The key in the file; when there is no file, makes a key and the file. When two processes start at once,
/// both end up with the same key.
Result<SigningKey> load_or_make_signing_key(const std::filesystem::path& path);

}  // namespace portvakt::consent
