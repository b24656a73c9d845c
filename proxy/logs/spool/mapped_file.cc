#include "proxy/logs/spool/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>

namespace portvakt::logs {
namespace {

constexpr std::size_t kPage = 4096;

tl::unexpected<Error> io_failure(const char* what, const std::filesystem::path& path, int code) {
  return failure(ErrorKind::Io, std::string(what) + " " + path.string() + ": " + std::strerror(code));
}

/// Closes on every way out.
struct Descriptor {
  int value;
  explicit Descriptor(int fd) : value(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (value >= 0) ::close(value);
  }
};

char* map(int fd, std::size_t size, MappedFile::Access access) {
  const int protection = access == MappedFile::Access::ReadOnly ? PROT_READ : PROT_READ | PROT_WRITE;
  void* data = ::mmap(nullptr, size, protection, MAP_SHARED, fd, 0);
  return data == MAP_FAILED ? nullptr : static_cast<char*>(data);
}

/// Takes the page faults here, so that the worker who writes later does not.
void touch_pages(char* data, std::size_t size) {
  for (std::size_t at = 0; at < size; at += kPage) *static_cast<volatile char*>(data + at) = 0;
}

}  // namespace

Result<std::unique_ptr<MappedFile>> MappedFile::create(const std::filesystem::path& path, std::size_t size) {
  const Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (file.value < 0) return io_failure("cannot create", path, errno);
  const int reserved = ::posix_fallocate(file.value, 0, static_cast<off_t>(size));
  if (reserved != 0) {
    ::unlink(path.c_str());
    return io_failure("no room for", path, reserved);
  }
  char* data = map(file.value, size, Access::ReadWrite);
  if (!data) {
    const int code = errno;
    ::unlink(path.c_str());
    return io_failure("cannot map", path, code);
  }
  touch_pages(data, size);
  return std::unique_ptr<MappedFile>(new MappedFile(path, data, size));
}

Result<std::unique_ptr<MappedFile>> MappedFile::open(const std::filesystem::path& path, Access access) {
  const Descriptor file(::open(path.c_str(), (access == Access::ReadOnly ? O_RDONLY : O_RDWR) | O_CLOEXEC));
  if (file.value < 0) return io_failure("cannot open", path, errno);
  struct stat status{};
  if (::fstat(file.value, &status) != 0) return io_failure("cannot read", path, errno);
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size == 0) return failure(ErrorKind::Malformed, path.string() + " is empty");
  char* data = map(file.value, size, access);
  if (!data) return io_failure("cannot map", path, errno);
  return std::unique_ptr<MappedFile>(new MappedFile(path, data, size));
}

MappedFile::~MappedFile() {
  ::munmap(data_, size_);
}

void MappedFile::sync() {
  ::msync(data_, size_, MS_SYNC);
}

}  // namespace portvakt::logs
