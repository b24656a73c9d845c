#include "proxy/server/worker.h"

#include <algorithm>

#include "proxy/net/tcp_transport.h"
#include "proxy/net/tls_transport.h"

namespace portvakt::server {
namespace {

constexpr std::chrono::milliseconds kSeenEvery{3000};

}  // namespace

Worker::Worker(std::shared_ptr<const exchange::Snapshot> snapshot, logs::SpoolWriter& spool,
               const Clock& clock, std::vector<WorkerListener> listeners, exchange::ConnectionCounts& counts)
    : pool_(loop_, snapshot->pool),
      context_{loop_, clock, pool_, spool, std::move(snapshot), {}, false},
      retired_timer_(loop_, [this] { end_retired(); }),
      seen_timer_(loop_, [this] { hand_over_seen(); }) {
  context_.gate = std::make_unique<exchange::ConnectionGate>(counts, *context_.limit_hits);
  context_.memory->set_most(context_.snapshot->limits.max_buffered);
  serve(std::move(listeners));
}

Worker::~Worker() {
  stop();
}

void Worker::start() {
  thread_ = std::thread([this] {
    if (keeper_) seen_timer_.start(kSeenEvery);
    loop_.run();
    hand_over_seen();
    // On the loop's own thread, while everything that connections use is still there.
    listeners_.clear();
    gates_.clear();
    while (!connections_.empty()) connections_.begin()->second.connection->abandon();
  });
}

void Worker::take(std::shared_ptr<const exchange::Snapshot> snapshot, std::vector<WorkerListener> listeners,
                  std::chrono::milliseconds limit) {
  // A task is copied, descriptors are not.
  auto owned = std::make_shared<std::vector<WorkerListener>>(std::move(listeners));
  loop_.post([this, snapshot = std::move(snapshot), owned = std::move(owned), limit] {
    pool_.set_settings(snapshot->pool);
    context_.snapshot = snapshot;
    context_.memory->set_most(snapshot->limits.max_buffered);
    if (context_.draining) return;
    retire_missing(*owned, limit);
    serve(std::move(*owned));
  });
}

void Worker::serve(std::vector<WorkerListener> listeners) {
  for (WorkerListener& from : listeners) {
    const auto [at, fresh] = listeners_.try_emplace(from.id);
    at->second.options = std::move(from.options);
    if (!fresh) continue;
    for (net::FileDescriptor& socket : from.sockets) {
      at->second.sockets.push_back(std::make_unique<net::Listener>(
          loop_, std::move(socket),
          [this, id = from.id](net::FileDescriptor fd, std::optional<IpAddress> peer) {
            on_accepted(std::move(fd), std::move(peer), id);
          },
          [this] { context_.gate->on_exhausted(); }));
    }
  }
}

void Worker::retire_missing(const std::vector<WorkerListener>& listeners, std::chrono::milliseconds limit) {
  for (auto at = listeners_.begin(); at != listeners_.end();) {
    const std::size_t id = at->first;
    if (std::ranges::find(listeners, id, &WorkerListener::id) != listeners.end()) {
      ++at;
      continue;
    }
    for (const auto& socket : at->second.sockets) socket->close();
    at = listeners_.erase(at);
    for (auto* connection : connections_of(id)) connection->drain();
    retired_[id] = loop_.now() + limit;
  }
  end_retired();
}

/// Connections of listeners that are gone had their time.
void Worker::end_retired() {
  auto next = SteadyTime::max();
  for (auto at = retired_.begin(); at != retired_.end();) {
    if (at->second > loop_.now()) {
      next = std::min(next, at->second);
      ++at;
      continue;
    }
    for (auto* connection : connections_of(at->first)) connection->abandon();
    at = retired_.erase(at);
  }
  if (next == SteadyTime::max()) return;
  retired_timer_.start(std::chrono::ceil<std::chrono::milliseconds>(next - loop_.now()));
}

/// What was seen goes to the inventory's keeper, off the way of requests.
void Worker::hand_over_seen() {
  if (!keeper_) return;
  if (!context_.seen.empty()) keeper_->add(context_.seen.take());
  seen_timer_.start(kSeenEvery);
}

std::vector<exchange::ClientConnection*> Worker::connections_of(std::size_t listener) const {
  std::vector<exchange::ClientConnection*> found;
  for (const auto& [connection, open] : connections_) {
    if (open.listener == listener) found.push_back(connection);
  }
  return found;
}

void Worker::drain() {
  loop_.post([this] {
    context_.draining = true;
    for (const auto& [id, listener] : listeners_) {
      for (const auto& socket : listener.sockets) socket->close();
    }
    std::vector<exchange::ClientConnection*> open;
    for (const auto& [connection, owned] : connections_) open.push_back(connection);
    for (auto* connection : open) connection->drain();
  });
}

void Worker::stop() {
  if (!thread_.joinable()) return;
  loop_.stop();
  thread_.join();
}

void Worker::on_accepted(net::FileDescriptor fd, std::optional<IpAddress> peer, std::size_t listener) {
  if (listeners_.at(listener).options.proxy_protocol) {
    await_proxy_header(std::move(fd), peer, listener);
  } else {
    serve_client(std::move(fd), std::move(peer), listener);
  }
}

/// Only a trusted proxy may say for whom it speaks: anybody else could forge an address.
void Worker::await_proxy_header(net::FileDescriptor fd, const std::optional<IpAddress>& peer,
                                std::size_t listener) {
  if (!peer || !context_.snapshot->trusted_proxies.trusts(*peer)) {
    gates_.refuse_untrusted();
    return;
  }
  gates_.await_header(std::move(fd), *peer, context_.snapshot->limits.header_timeout,
                      [this, listener](net::FileDescriptor opened, const IpAddress& client) {
                        serve_client(std::move(opened), client, listener);
                      });
}

/// All clients behind a trusted proxy share its address: it is not one client's network.
std::unique_ptr<exchange::ConnectionPlace> Worker::admit(const std::optional<IpAddress>& peer) {
  const auto& snapshot = *context_.snapshot;
  const bool trusted = peer && snapshot.trusted_proxies.trusts(*peer);
  return context_.gate->admit(trusted ? std::nullopt : peer, snapshot.limits, loop_.now());
}

void Worker::serve_client(net::FileDescriptor fd, std::optional<IpAddress> peer, std::size_t listener) {
  const auto found = listeners_.find(listener);
  if (found == listeners_.end()) return;  // a reload took it away while the header was on its way
  const auto& tls = found->second.options.tls;
  auto place = admit(peer);
  if (!place) {
    net::close_at_once(std::move(fd));
    return;
  }
  if (peer) net::bound_unsent(fd);
  std::unique_ptr<net::Transport> transport;
  if (tls) {
    transport = std::make_unique<net::TlsTransport>(loop_, std::move(fd), tls->context());
  } else {
    transport = std::make_unique<net::TcpTransport>(loop_, std::move(fd));
  }
  auto connection = std::make_unique<exchange::ClientConnection>(
      context_, std::move(transport), std::move(peer), tls != nullptr,
      [this](exchange::ClientConnection& closed) { forget(closed); }, std::move(place));
  auto* const key = connection.get();
  connections_.emplace(key, Open{std::move(connection), listener});
  open_.set(connections_.size());
}

void Worker::forget(exchange::ClientConnection& connection) {
  const auto found = connections_.find(&connection);
  if (found == connections_.end()) return;
  loop_.delete_later(std::move(found->second.connection));
  connections_.erase(found);
  open_.set(connections_.size());
}

}  // namespace portvakt::server
