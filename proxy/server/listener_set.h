// The sockets that the process listens on, one entry for each configured address: opened at start, taken over
// from a service manager or from the process before, or changed by a reload. It keeps every socket open
// itself and gives workers duplicates, so that a socket can be handed to a next process with all that waits
// in its queue. Main thread.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "config/model.h"
#include "proxy/base/result.h"
#include "proxy/net/file_descriptor.h"
#include "proxy/net/socket.h"
#include "proxy/net/tls_server.h"

namespace portvakt::server {

/// How connections of a listener are served. A reload changes it without touching the socket.
struct ListenerOptions {
  std::shared_ptr<const net::TlsServer> tls;  // null: plain
  bool proxy_protocol = false;  // every connection begins with a header, and comes from a trusted proxy
};

/// Opens the TLS of a listener, or reconfigures what is open for it.
using TlsOpener = std::function<Result<std::shared_ptr<net::TlsServer>>(const config::Listener&)>;

/// A listener as one worker serves it.
struct WorkerListener {
  std::size_t id = 0;  // stays the same as long as the address is configured
  ListenerOptions options;
  std::vector<net::FileDescriptor> sockets;
};

class ListenerSet {
 public:
  /// `inherited`: listening sockets that are used, instead of new ones, for the addresses they are bound to.
  explicit ListenerSet(std::size_t workers, std::vector<net::FileDescriptor> inherited = {});

  struct Entry {
    std::size_t id = 0;
    std::string name;  // as configured
    net::Endpoint endpoint;
    ListenerOptions options;
    std::vector<net::FileDescriptor> sockets;  // empty in a Next: those of the entry with this id
    bool taken_over = false;                   // the sockets were inherited
  };
  struct Next {
    std::vector<Entry> entries;
  };

  /// Opens what these listeners need beyond what there is. Nothing changes before commit(); what was opened
  /// closes with the Next. Errors: an address that cannot be had, a certificate that cannot be used.
  Result<Next> prepare(const std::vector<config::Listener>& listeners, const TlsOpener& open_tls);
  void commit(Next next);

  /// The listeners for one worker, with duplicates of its sockets. Errors: Io, out of descriptors.
  Result<std::vector<WorkerListener>> for_worker(std::size_t worker) const;
  const std::vector<Entry>& entries() const { return entries_; }

  /// The inherited sockets of an address, each given once. Also for the operators' listener.
  std::vector<net::FileDescriptor> take_inherited(const net::Endpoint& endpoint);
  /// Addresses of inherited sockets that nobody has taken; they are closed.
  std::vector<net::Endpoint> drop_inherited();

 private:
  struct Inherited {
    net::Endpoint endpoint;
    net::FileDescriptor fd;
  };
  const Entry* find(const std::string& name) const;
  Result<void> open(Entry& entry, const config::Listener& from);
  bool overlaps_own(const net::Endpoint& endpoint) const;

  std::size_t workers_;
  std::size_t next_id_ = 1;
  std::vector<Inherited> inherited_;
  std::vector<Entry> entries_;
};

/// Which of `sockets` sockets worker number `worker` of `workers` accepts from: every socket has a worker,
/// and every worker a socket.
std::vector<std::size_t> sockets_of_worker(std::size_t worker, std::size_t workers, std::size_t sockets);

/// Where a configured address lies. Looks names up: at start and reload only.
Result<net::Endpoint> resolve_listen(const config::ListenAddress& address);

}  // namespace portvakt::server
