#include "proxy/net/socket.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <memory>

namespace portvakt::net {
namespace {

constexpr int kBacklog = 4096;
// Megabytes otherwise, for each of thousands of slow readers.
constexpr int kUnsent = 256 * 1024;

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t length = 0;
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

Result<SocketAddress> socket_address(const Endpoint& endpoint) {
  SocketAddress out;
  if (!endpoint.unix_path.empty()) {
    auto& un = reinterpret_cast<sockaddr_un&>(out.storage);
    if (endpoint.unix_path.size() >= sizeof un.sun_path) {
      return failure(ErrorKind::Invalid, "socket path too long: " + endpoint.unix_path);
    }
    un.sun_family = AF_UNIX;
    std::memcpy(un.sun_path, endpoint.unix_path.data(), endpoint.unix_path.size());
    out.length = sizeof un;
  } else if (endpoint.address.family() == IpAddress::Family::V4) {
    auto& in = reinterpret_cast<sockaddr_in&>(out.storage);
    in.sin_family = AF_INET;
    in.sin_port = htons(endpoint.port);
    std::memcpy(&in.sin_addr, endpoint.address.bytes().data(), 4);
    out.length = sizeof in;
  } else {
    auto& in6 = reinterpret_cast<sockaddr_in6&>(out.storage);
    in6.sin6_family = AF_INET6;
    in6.sin6_port = htons(endpoint.port);
    std::memcpy(&in6.sin6_addr, endpoint.address.bytes().data(), 16);
    out.length = sizeof in6;
  }
  return out;
}

std::string describe(const Endpoint& endpoint) {
  if (!endpoint.unix_path.empty()) return "unix:" + endpoint.unix_path;
  const bool v6 = endpoint.address.family() == IpAddress::Family::V6;
  const auto host = endpoint.address.reveal();  // our own or an upstream's address, not a visitor's
  return (v6 ? "[" + host + "]" : host) + ":" + std::to_string(endpoint.port);
}

tl::unexpected<Error> socket_failure(const char* doing, const Endpoint& endpoint) {
  const auto kind = errno == ECONNREFUSED || errno == ENOENT ? ErrorKind::Refused : ErrorKind::Io;
  return failure(kind,
                 std::string("cannot ") + doing + " " + describe(endpoint) + ": " + std::strerror(errno));
}

void set_option(int fd, int level, int name, int value) {
  ::setsockopt(fd, level, name, &value, sizeof value);
}

Result<FileDescriptor> bind_to(const Endpoint& endpoint, bool shared) {
  const auto where = socket_address(endpoint);
  if (!where) return tl::unexpected(where.error());
  FileDescriptor fd(::socket(where->storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd.open()) return socket_failure("open a socket for", endpoint);
  if (where->storage.ss_family != AF_UNIX) {
    set_option(fd.get(), SOL_SOCKET, SO_REUSEADDR, 1);
    if (shared) set_option(fd.get(), SOL_SOCKET, SO_REUSEPORT, 1);
    if (where->storage.ss_family == AF_INET6) set_option(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, 1);
  }
  if (::bind(fd.get(), where->get(), where->length) != 0) return socket_failure("bind", endpoint);
  return fd;
}

}  // namespace

Result<std::vector<Endpoint>> resolve(const HostPort& where) {
  if (const auto literal = IpAddress::parse(where.host))
    return std::vector<Endpoint>{{*literal, where.port, {}}};
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* found = nullptr;
  const int status = ::getaddrinfo(where.host.c_str(), nullptr, &hints, &found);
  if (status != 0)
    return failure(ErrorKind::Invalid, "cannot resolve " + where.host + ": " + ::gai_strerror(status));
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owned(found, ::freeaddrinfo);
  std::vector<Endpoint> endpoints;
  for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
    if (const auto address = IpAddress::from(one->ai_addr)) endpoints.push_back({*address, where.port, {}});
  }
  if (endpoints.empty()) return failure(ErrorKind::Invalid, where.host + " has no address");
  return endpoints;
}

Result<FileDescriptor> connect_to(const Endpoint& endpoint) {
  const auto where = socket_address(endpoint);
  if (!where) return tl::unexpected(where.error());
  FileDescriptor fd(::socket(where->storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd.open()) return socket_failure("open a socket for", endpoint);
  if (where->storage.ss_family != AF_UNIX) set_option(fd.get(), IPPROTO_TCP, TCP_NODELAY, 1);
  if (::connect(fd.get(), where->get(), where->length) != 0 && errno != EINPROGRESS) {
    return socket_failure("connect to", endpoint);
  }
  return fd;
}

Result<FileDescriptor> listen_on(const Endpoint& endpoint, bool shared) {
  if (!endpoint.unix_path.empty()) ::unlink(endpoint.unix_path.c_str());
  auto fd = bind_to(endpoint, shared);
  if (!fd) return fd;
  if (::listen(fd->get(), kBacklog) != 0) return socket_failure("listen on", endpoint);
  return fd;
}

Result<void> check_free(const Endpoint& endpoint) {
  if (endpoint.port == 0 || !endpoint.unix_path.empty()) return {};
  const auto fd = bind_to(endpoint, false);
  if (!fd) return tl::unexpected(fd.error());
  if (::listen(fd->get(), 1) != 0) return socket_failure("listen on", endpoint);
  return {};
}

std::optional<Endpoint> listening_endpoint(const FileDescriptor& fd) {
  int listening = 0;
  socklen_t size = sizeof listening;
  if (::getsockopt(fd.get(), SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) != 0 || listening == 0) return {};
  sockaddr_storage storage{};
  socklen_t length = sizeof storage;
  if (::getsockname(fd.get(), reinterpret_cast<sockaddr*>(&storage), &length) != 0) return {};
  if (storage.ss_family == AF_UNIX) {
    const auto& un = reinterpret_cast<const sockaddr_un&>(storage);
    const std::size_t room = length - std::min<std::size_t>(length, offsetof(sockaddr_un, sun_path));
    return Endpoint{{}, 0, std::string(un.sun_path, ::strnlen(un.sun_path, room))};
  }
  const auto address = IpAddress::from(reinterpret_cast<const sockaddr*>(&storage));
  if (!address) return {};
  return Endpoint{*address, local_port(fd), {}};
}

void bound_unsent(const FileDescriptor& fd) {
  set_option(fd.get(), IPPROTO_TCP, TCP_NOTSENT_LOWAT, kUnsent);
}

void close_at_once(FileDescriptor fd) {
  const linger hard{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(fd.get(), SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
}

std::uint16_t local_port(const FileDescriptor& fd) {
  sockaddr_storage storage{};
  socklen_t length = sizeof storage;
  if (::getsockname(fd.get(), reinterpret_cast<sockaddr*>(&storage), &length) != 0) return 0;
  if (storage.ss_family == AF_INET) return ntohs(reinterpret_cast<sockaddr_in&>(storage).sin_port);
  return storage.ss_family == AF_INET6 ? ntohs(reinterpret_cast<sockaddr_in6&>(storage).sin6_port)
                                       : std::uint16_t{0};
}

}  // namespace portvakt::net
