#include "filters/consent/signing_key.h"

#include "proxy/base/ascii.h"
#include "proxy/base/crypto.h"
#include "proxy/base/file.h"

namespace portvakt::consent {
namespace {

constexpr std::size_t kMaxKeyFile = 4096;

std::string_view without_white_space(std::string_view text) {
  constexpr std::string_view kWhite = " \t\r\n";
  const auto first = text.find_first_not_of(kWhite);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kWhite) - first + 1);
}

Result<SigningKey> read_key_file(const std::filesystem::path& path) {
  const auto text = read_file(path, kMaxKeyFile);
  if (!text) return tl::unexpected(text.error());
  auto key = parse_signing_key(*text);
  if (!key) return failure(ErrorKind::Invalid, path.string() + ": " + key.error().detail);
  return key;
}

/// The whole file appears under its name at once and only if no other process was faster: a link, unlike a
/// rename, never replaces.
Result<void> make_key_file(const std::filesystem::path& path) {
  std::error_code failed;
  if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), failed);
  const std::filesystem::path own = path.string() + "." + ascii::base64url(crypto::random_bytes(9));
  const auto line = ascii::base64url(crypto::random_bytes(kSigningKeyBytes)) + "\n";
  if (auto written = write_private_file(own, line); !written) return written;
  std::filesystem::create_hard_link(own, path, failed);
  std::error_code ignored;
  std::filesystem::remove(own, ignored);
  if (failed && failed != std::errc::file_exists) {
    return failure(ErrorKind::Io, "cannot make " + path.string() + ": " + failed.message());
  }
  return {};
}

}  // namespace

SigningKey SigningKey::from_secret(std::string_view secret) {
  return {ascii::base64url(crypto::sha256(secret).substr(0, 3)), std::string(secret)};
}

Result<SigningKey> parse_signing_key(std::string_view text) {
  const auto secret = ascii::parse_base64url(without_white_space(text));
  if (!secret) return failure(ErrorKind::Invalid, "a signing key is one line of base64url without padding");
  if (secret->size() < kSigningKeyBytes) {
    return failure(ErrorKind::Invalid, "a signing key has at least " + std::to_string(kSigningKeyBytes) +
                                           " bytes, this one has " + std::to_string(secret->size()));
  }
  return SigningKey::from_secret(*secret);
}

Result<SigningKey> load_or_make_signing_key(const std::filesystem::path& path) {
  std::error_code failed;
  if (!std::filesystem::exists(path, failed)) {
    if (auto made = make_key_file(path); !made) return tl::unexpected(made.error());
  }
  return read_key_file(path);
}

}  // namespace portvakt::consent
