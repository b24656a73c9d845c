#include "proxy/base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

namespace portvakt {
namespace {

tl::unexpected<Error> io_failure(const char* doing, const std::filesystem::path& path) {
  return failure(ErrorKind::Io,
                 std::string("cannot ") + doing + " " + path.string() + ": " + std::strerror(errno));
}

}  // namespace

Result<std::string> read_file(const std::filesystem::path& path, std::size_t limit) {
  std::ifstream in(path, std::ios::binary);
  std::error_code failed;
  if (!in || std::filesystem::is_directory(path, failed)) {
    if (in) errno = EISDIR;
    return io_failure("open", path);
  }
  std::string bytes;
  char chunk[16384];
  while (in.read(chunk, sizeof chunk) || in.gcount() > 0) {
    bytes.append(chunk, static_cast<std::size_t>(in.gcount()));
    if (bytes.size() > limit) return failure(ErrorKind::Invalid, path.string() + " is larger than it may be");
  }
  return bytes;
}

Result<void> write_private_file(const std::filesystem::path& path, std::string_view bytes) {
  const std::filesystem::path temporary = path.string() + ".new";
  const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) return io_failure("write", temporary);
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      ::close(fd);
      return io_failure("write", temporary);
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  const bool durable = ::fsync(fd) == 0;
  ::close(fd);
  if (!durable || ::rename(temporary.c_str(), path.c_str()) != 0) return io_failure("write", path);
  return {};
}

}  // namespace portvakt
