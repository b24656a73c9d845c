#include "proxy/server/worker.h"

#include "proxy/net/tcp_transport.h"
#include "proxy/net/tls_transport.h"

namespace portvakt::server {

Worker::Worker(std::shared_ptr<const exchange::Snapshot> snapshot, logs::SpoolWriter& spool,
               const Clock& clock, std::vector<WorkerListener> listeners)
    : pool_(loop_, snapshot->pool), context_{loop_, clock, pool_, spool, std::move(snapshot), {}, false} {
  for (auto& listener : listeners) {
    listeners_.push_back(std::make_unique<net::Listener>(
        loop_, std::move(listener.fd),
        [this, tls = std::move(listener.tls), proxied = listener.proxy_protocol](
            net::FileDescriptor fd, std::optional<IpAddress> peer) {
          if (proxied) {
            await_proxy_header(std::move(fd), std::move(peer), tls);
          } else {
            accept(std::move(fd), std::move(peer), tls);
          }
        }));
  }
}

Worker::~Worker() {
  stop();
}

void Worker::start() {
  thread_ = std::thread([this] {
    loop_.run();
    // On the loop's own thread, while everything that connections use is still there.
    listeners_.clear();
    gates_.clear();
    while (!connections_.empty()) connections_.begin()->second->abandon();
  });
}

void Worker::take_snapshot(std::shared_ptr<const exchange::Snapshot> snapshot) {
  loop_.post([this, snapshot = std::move(snapshot)] {
    pool_.set_settings(snapshot->pool);
    context_.snapshot = snapshot;
  });
}

void Worker::drain() {
  loop_.post([this] {
    context_.draining = true;
    for (const auto& listener : listeners_) listener->close();
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

/// Only a trusted proxy may say for whom it speaks: anybody else could forge an address.
void Worker::await_proxy_header(net::FileDescriptor fd, std::optional<IpAddress> peer,
                                const std::shared_ptr<const net::TlsServer>& tls) {
  if (!peer || !context_.snapshot->trusted_proxies.trusts(*peer)) {
    gates_.refuse_untrusted();
    return;
  }
  gates_.await_header(std::move(fd), *peer, context_.snapshot->limits.header_timeout,
                      [this, tls](net::FileDescriptor opened, const IpAddress& client) {
                        accept(std::move(opened), client, tls);
                      });
}

void Worker::accept(net::FileDescriptor fd, std::optional<IpAddress> peer,
                    const std::shared_ptr<const net::TlsServer>& tls) {
  std::unique_ptr<net::Transport> transport;
  if (tls) {
    transport = std::make_unique<net::TlsTransport>(loop_, std::move(fd), tls->context());
  } else {
    transport = std::make_unique<net::TcpTransport>(loop_, std::move(fd));
  }
  auto connection = std::make_unique<exchange::ClientConnection>(
      context_, std::move(transport), std::move(peer), tls != nullptr,
      [this](exchange::ClientConnection& closed) { forget(closed); });
  auto* const key = connection.get();
  connections_.emplace(key, std::move(connection));
  open_.set(connections_.size());
}

void Worker::forget(exchange::ClientConnection& connection) {
  const auto found = connections_.find(&connection);
  if (found == connections_.end()) return;
  loop_.delete_later(std::move(found->second));
  connections_.erase(found);
  open_.set(connections_.size());
}

}  // namespace portvakt::server
