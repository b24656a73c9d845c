#include "proxy/exchange/acme_challenge.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "proxy/base/ascii.h"
#include "proxy/net/file_descriptor.h"

namespace portvakt::exchange {
namespace {

constexpr std::string_view kPrefix = "/.well-known/acme-challenge/";
constexpr std::size_t kLongestToken = 256;
constexpr std::size_t kLargestFile = 4096;

/// The alphabet of base64url alone: neither a dot nor a slash can lead out of the folder.
bool is_token(std::string_view text) {
  return !text.empty() && text.size() <= kLongestToken &&
         std::ranges::all_of(text, [](char c) { return ascii::is_alnum(c) || c == '-' || c == '_'; });
}

std::optional<std::string> read_small_file(const std::filesystem::path& file) {
  const net::FileDescriptor fd(::open(file.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat found{};
  if (!fd.open() || ::fstat(fd.get(), &found) != 0 || !S_ISREG(found.st_mode)) return std::nullopt;
  std::array<char, kLargestFile + 1> bytes;
  const ssize_t count = ::read(fd.get(), bytes.data(), bytes.size());
  if (count < 0 || static_cast<std::size_t>(count) > kLargestFile) return std::nullopt;
  return std::string(bytes.data(), static_cast<std::size_t>(count));
}

}  // namespace

bool is_challenge_path(std::string_view path) {
  return path.starts_with(kPrefix);
}

std::optional<std::string> read_challenge(const std::filesystem::path& folder, std::string_view path) {
  if (!is_challenge_path(path)) return std::nullopt;
  const auto token = path.substr(kPrefix.size());
  if (!is_token(token)) return std::nullopt;
  if (auto found = read_small_file(folder / token)) return found;
  return read_small_file(folder / kPrefix.substr(1) / token);
}

}  // namespace portvakt::exchange
