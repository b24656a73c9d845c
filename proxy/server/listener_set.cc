#include "proxy/server/listener_set.h"

#include <algorithm>
#include <utility>

#include <fcntl.h>

#include "proxy/base/log.h"

namespace portvakt::server {
namespace {

std::string name_of(const config::ListenAddress& address) {
  if (address.is_unix()) return "unix:" + address.socket.string();
  return address.tcp.host + ":" + std::to_string(address.tcp.port);
}

/// With the port that port 0 became.
std::string place_of(const ListenerSet::Entry& entry) {
  if (!entry.endpoint.unix_path.empty()) return entry.name;
  return entry.name.substr(0, entry.name.rfind(':') + 1) + std::to_string(entry.endpoint.port);
}

/// Port 0 may be configured several times: the first, the second ... of them stay what they are.
std::string free_name(const std::string& name, const std::vector<ListenerSet::Entry>& taken) {
  std::string free = name;
  for (int number = 2; std::ranges::find(taken, free, &ListenerSet::Entry::name) != taken.end(); ++number) {
    free = name + " (" + std::to_string(number) + ")";
  }
  return free;
}

/// A socket from elsewhere may block, and must not go on to programs that we start.
void make_own(const net::FileDescriptor& fd) {
  ::fcntl(fd.get(), F_SETFL, ::fcntl(fd.get(), F_GETFL) | O_NONBLOCK);
  ::fcntl(fd.get(), F_SETFD, FD_CLOEXEC);
}

}  // namespace

Result<net::Endpoint> resolve_listen(const config::ListenAddress& address) {
  if (address.is_unix()) return net::Endpoint{{}, 0, address.socket.string()};
  const auto found = net::resolve(address.tcp);
  if (!found) return tl::unexpected(found.error());
  return found->front();
}

std::vector<std::size_t> sockets_of_worker(std::size_t worker, std::size_t workers, std::size_t sockets) {
  std::vector<std::size_t> own;
  if (sockets == 0) return own;
  for (std::size_t i = worker; i < sockets; i += workers) own.push_back(i);
  if (own.empty()) own.push_back(worker % sockets);
  return own;
}

ListenerSet::ListenerSet(std::size_t workers, std::vector<net::FileDescriptor> inherited)
    : workers_(workers) {
  for (auto& fd : inherited) {
    make_own(fd);
    auto endpoint = net::listening_endpoint(fd);
    if (endpoint) inherited_.push_back({std::move(*endpoint), std::move(fd)});
  }
}

const ListenerSet::Entry* ListenerSet::find(const std::string& name) const {
  const auto found = std::ranges::find(entries_, name, &Entry::name);
  return found == entries_.end() ? nullptr : &*found;
}

Result<ListenerSet::Next> ListenerSet::prepare(const std::vector<config::Listener>& listeners,
                                               const TlsOpener& open_tls) {
  Next next;
  for (const auto& from : listeners) {
    Entry entry;
    entry.options.proxy_protocol = from.proxy_protocol;
    entry.name = free_name(name_of(from.address), next.entries);
    if (const Entry* known = find(entry.name)) {
      entry.id = known->id;
      entry.endpoint = known->endpoint;
    } else if (auto opened = open(entry, from); !opened) {
      return tl::unexpected(opened.error());
    }
    next.entries.push_back(std::move(entry));
  }
  // Last, because certificates of listeners that stay are in use from here on.
  for (std::size_t i = 0; i < listeners.size(); ++i) {
    if (!listeners[i].is_tls()) continue;
    auto tls = open_tls(listeners[i]);
    if (!tls) return tl::unexpected(tls.error());
    next.entries[i].options.tls = std::move(*tls);
  }
  return next;
}

void ListenerSet::commit(Next next) {
  for (Entry& entry : next.entries) {
    if (!entry.sockets.empty()) {
      log_info("listening on " + place_of(entry) + (entry.options.tls ? " (TLS)" : "") +
               (entry.taken_over ? ", on a socket taken over" : ""));
      continue;
    }
    const auto known = std::ranges::find(entries_, entry.id, &Entry::id);
    entry.sockets = std::move(known->sockets);
  }
  for (const Entry& old : entries_) {
    if (!old.sockets.empty()) log_info("no longer listening on " + place_of(old));
  }
  entries_ = std::move(next.entries);
}

/// While both an old and a new address of the same port are open, as 0.0.0.0:80 and 127.0.0.1:80, the address
/// is not free and still ours.
bool ListenerSet::overlaps_own(const net::Endpoint& endpoint) const {
  return std::ranges::any_of(entries_, [&](const Entry& entry) {
    return entry.endpoint.unix_path.empty() && entry.endpoint.port == endpoint.port;
  });
}

Result<void> ListenerSet::open(Entry& entry, const config::Listener& from) {
  auto endpoint = resolve_listen(from.address);
  if (!endpoint) return tl::unexpected(endpoint.error());
  entry.id = next_id_++;
  entry.endpoint = std::move(*endpoint);
  entry.sockets = take_inherited(entry.endpoint);
  entry.taken_over = !entry.sockets.empty();
  if (entry.taken_over) {
    entry.endpoint.port = net::local_port(entry.sockets.front());
    return {};
  }
  if (!overlaps_own(entry.endpoint)) {
    if (auto free = net::check_free(entry.endpoint); !free) return free;
  }
  // A Unix socket cannot be bound twice: all workers accept from the one.
  const std::size_t count = from.address.is_unix() ? 1 : workers_;
  for (std::size_t i = 0; i < count; ++i) {
    auto fd = net::listen_on(entry.endpoint, true);
    if (!fd) return tl::unexpected(fd.error());
    if (entry.endpoint.port == 0) entry.endpoint.port = net::local_port(*fd);
    entry.sockets.push_back(std::move(*fd));
  }
  return {};
}

Result<std::vector<WorkerListener>> ListenerSet::for_worker(std::size_t worker) const {
  std::vector<WorkerListener> listeners;
  for (const Entry& entry : entries_) {
    WorkerListener listener{entry.id, entry.options, {}};
    for (const std::size_t i : sockets_of_worker(worker, workers_, entry.sockets.size())) {
      net::FileDescriptor copy(::fcntl(entry.sockets[i].get(), F_DUPFD_CLOEXEC, 0));
      if (!copy.open()) return failure(ErrorKind::Io, "out of file descriptors for " + entry.name);
      listener.sockets.push_back(std::move(copy));
    }
    listeners.push_back(std::move(listener));
  }
  return listeners;
}

std::vector<net::FileDescriptor> ListenerSet::take_inherited(const net::Endpoint& endpoint) {
  std::vector<net::FileDescriptor> taken;
  net::Endpoint wanted = endpoint;
  for (auto& one : inherited_) {
    if (!one.fd.open()) continue;
    // Port 0 takes any port, then more sockets of the same one.
    if (wanted.unix_path.empty() && wanted.port == 0 && one.endpoint.address == wanted.address) {
      wanted.port = one.endpoint.port;
    }
    if (one.endpoint == wanted) taken.push_back(std::move(one.fd));
  }
  return taken;
}

std::vector<net::Endpoint> ListenerSet::drop_inherited() {
  std::vector<net::Endpoint> dropped;
  for (auto& one : inherited_) {
    if (one.fd.open()) dropped.push_back(std::move(one.endpoint));
  }
  inherited_.clear();
  return dropped;
}

}  // namespace portvakt::server
