#include "proxy/upstream/upstream_pool.h"

#include <algorithm>

namespace portvakt::upstream {
namespace {

constexpr std::chrono::milliseconds kSweep{5000};

}  // namespace

UpstreamPool::UpstreamPool(net::EventLoop& loop, PoolSettings settings)
    : loop_(loop), settings_(settings), sweep_(loop, [this] { drop_old(); }) {
  sweep_.start(kSweep);
}

Result<std::unique_ptr<UpstreamConnection>> UpstreamPool::lease(const UpstreamServer& server, Reuse reuse) {
  auto& idle = idle_[server.name];
  while (reuse != Reuse::Fresh && !idle.empty()) {
    // The youngest first: old ones are the likeliest to be closed by the upstream, and may then go unused.
    auto connection = std::move(idle.back().connection);
    idle.pop_back();
    if (connection->reusable() && (reuse == Reuse::Allowed || connection->quiet())) {
      connection->begin_exchange();
      return connection;
    }
    loop_.delete_later(std::move(connection));
  }
  const auto& endpoint = server.endpoints[next_endpoint_[server.name]++ % server.endpoints.size()];
  auto connection =
      UpstreamConnection::open(loop_, server, endpoint, settings_.limits, settings_.connect_timeout);
  if (connection) {
    server.status->counters.connections.add();
    (*connection)->begin_exchange();
  }
  return connection;
}

void UpstreamPool::give_back(std::unique_ptr<UpstreamConnection> connection) {
  connection->set_events(nullptr);
  connection->resume_reading();
  auto& idle = idle_[connection->server()];
  if (connection->reusable() && idle.size() < settings_.max_idle) {
    idle.push_back({std::move(connection), loop_.now()});
    return;
  }
  connection->close();
  loop_.delete_later(std::move(connection));
}

void UpstreamPool::drop_old() {
  for (auto& [server, idle] : idle_) {
    std::erase_if(idle, [this](const Idle& one) {
      return one.connection->closed() || loop_.now() - one.since > settings_.idle_timeout;
    });
  }
  sweep_.start(kSweep);
}

}  // namespace portvakt::upstream
