// Opening sockets: where to listen, where to connect.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "proxy/base/address.h"
#include "proxy/base/result.h"
#include "proxy/net/file_descriptor.h"

namespace portvakt::net {

/// An address to connect to: an IP address with port, or the path of a Unix socket.
struct Endpoint {
  IpAddress address;
  std::uint16_t port = 0;
  std::string unix_path;  // not empty: a Unix socket

  friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

/// Looks a host name up, waiting for the answer: for start-up and reload on the main thread, never on a
/// worker.
Result<std::vector<Endpoint>> resolve(const HostPort& where);

/// A non-blocking socket whose connect has begun.
Result<FileDescriptor> connect_to(const Endpoint& endpoint);

/// A non-blocking listening socket. `shared`: several workers of this process listen on the same address
/// (SO_REUSEPORT). Errors: Io, with the reason and the address.
Result<FileDescriptor> listen_on(const Endpoint& endpoint, bool shared);

/// Fails if somebody else listens there already: SO_REUSEPORT alone would let two processes share an address
/// unseen.
Result<void> check_free(const Endpoint& endpoint);

/// The address that a listening socket is bound to; empty if it is no listening stream socket.
std::optional<Endpoint> listening_endpoint(const FileDescriptor& fd);

/// Bounds what the kernel holds for a peer that does not read, beyond what is on its way to him.
void bound_unsent(const FileDescriptor& fd);

/// Resets the connection: who is turned away costs neither a wait nor a state.
void close_at_once(FileDescriptor fd);

/// The port that a listening socket got.
std::uint16_t local_port(const FileDescriptor& fd);

}  // namespace portvakt::net
