#include "proxy/server/server.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>

#include "proxy/base/ascii.h"
#include "proxy/base/log.h"

namespace portvakt::server {
namespace {

constexpr std::chrono::milliseconds kDrainLook{20};
constexpr std::chrono::milliseconds kLastDelivery{5000};

net::Endpoint endpoint_of(const config::ListenAddress& address, const IpAddress& ip) {
  net::Endpoint endpoint;
  if (address.is_unix()) {
    endpoint.unix_path = address.socket;
  } else {
    endpoint.address = ip;
    endpoint.port = address.tcp.port;
  }
  return endpoint;
}

Result<net::Endpoint> resolve_listen(const config::ListenAddress& address) {
  if (address.is_unix()) return endpoint_of(address, {});
  const auto found = net::resolve(address.tcp);
  if (!found) return tl::unexpected(found.error());
  return endpoint_of(address, found->front().address);
}

bool needs_permission(const Error& error) {
  return ascii::contains(error.detail, std::strerror(EACCES));
}

std::size_t worker_count(const config::Model& model) {
  if (model.workers > 0) return static_cast<std::size_t>(model.workers);
  return std::max(1U, std::thread::hardware_concurrency());
}

}  // namespace

Server::Server(ModelReader read_model, std::string version)
    : read_model_(std::move(read_model)),
      version_(std::move(version)),
      signals_({SIGTERM, SIGINT, SIGHUP}),
      watch_(loop_, signals_, [this](int signal) { on_signal(signal); }),
      drain_timer_(loop_, [this] { finish_when_drained(); }),
      tls_(loop_, clock_) {}

Server::~Server() = default;

int Server::run() {
  Diagnostics diagnostics;
  const auto model = read_model_(diagnostics);
  Result<void> started;
  if (model) started = start(*model);
  std::fputs(diagnostics.format().c_str(), stderr);
  if (!model) return kExitConfig;
  if (!started) {
    log_error("cannot start: " + started.error().detail);
    return needs_permission(started.error()) ? kExitNoPermission : kExitConfig;
  }
  log_info("serving " + std::to_string(snapshot_->sites.size()) + " site(s) with " +
           std::to_string(workers_.size()) + " worker(s)");
  loop_.run();
  for (const auto& worker : workers_) worker->stop();
  if (shipper_) shipper_->stop(kLastDelivery);
  log_info("stopped");
  return kExitOk;
}

Result<void> Server::start(const config::Model& model) {
  Diagnostics diagnostics;
  auto compiled = compile_snapshot(model, 1, counters_, diagnostics);
  std::fputs(diagnostics.format().c_str(), stderr);
  if (!compiled) return tl::unexpected(compiled.error());
  snapshot_ = std::move(*compiled);
  drain_limit_ = model.limits.drain_timeout;
  const auto count = worker_count(model);
  std::vector<std::vector<WorkerListener>> listeners(count);
  if (auto opened = open_listeners(model, listeners); !opened) return opened;
  if (auto opened = open_admin(model); !opened) return opened;
  if (auto opened = open_log(model, count); !opened) return opened;
  for (std::size_t i = 0; i < count; ++i) {
    workers_.push_back(
        std::make_unique<Worker>(snapshot_, spool_->writer(i), clock_, std::move(listeners[i])));
  }
  for (const auto& worker : workers_) worker->start();
  tls_.watch(model.certificate_check);
  return {};
}

Result<void> Server::open_log(const config::Model& model, std::size_t workers) {
  logs::SpoolSettings settings;
  settings.path = model.log.spool.path;
  settings.max_size = model.log.spool.max_size;
  settings.writers = workers;
  auto spool = logs::Spool::open(settings, clock_);
  if (!spool) return tl::unexpected(spool.error());
  spool_ = std::move(*spool);
  if (!model.log.redis) return {};
  logs::ShipperSettings shipping;
  auto url = logs::parse_redis_url(model.log.redis->url.value);
  if (!url) return tl::unexpected(url.error());
  shipping.redis = std::move(*url);
  shipping.prefix = model.log.redis->prefix;
  shipping.retention = model.log.retention;
  for (const auto& site : model.sites) shipping.sites.push_back(site.name);
  shipper_ = std::make_unique<logs::RedisShipper>(*spool_, shipping, clock_);
  return {};
}

Result<void> Server::open_listeners(const config::Model& model,
                                    std::vector<std::vector<WorkerListener>>& per_worker) {
  for (const auto& from : model.listeners) {
    auto endpoint = resolve_listen(from.address);
    if (!endpoint) return tl::unexpected(endpoint.error());
    if (auto free = net::check_free(*endpoint); !free) return free;
    std::shared_ptr<const net::TlsServer> tls;
    if (from.is_tls()) {
      auto opened = tls_.open(from, model.limits.handshake_timeout);
      if (!opened) return tl::unexpected(opened.error());
      tls = std::move(*opened);
    }
    // A Unix socket cannot be shared by address: the first worker serves it.
    const std::size_t sharing = from.address.is_unix() ? 1 : per_worker.size();
    for (std::size_t i = 0; i < sharing; ++i) {
      auto fd = net::listen_on(*endpoint, true);
      if (!fd) return tl::unexpected(fd.error());
      if (endpoint->port == 0) endpoint->port = net::local_port(*fd);
      per_worker[i].push_back({std::move(*fd), tls, from.proxy_protocol});
    }
    log_info("listening on " +
             (from.address.is_unix() ? "unix:" + from.address.socket.string()
                                     : from.address.tcp.host + ":" + std::to_string(endpoint->port)) +
             (tls ? " (TLS)" : ""));
  }
  return {};
}

Result<void> Server::open_admin(const config::Model& model) {
  if (!model.admin) return {};
  auto endpoint = resolve_listen(*model.admin);
  if (!endpoint) return tl::unexpected(endpoint.error());
  auto fd = net::listen_on(*endpoint, false);
  if (!fd) return tl::unexpected(fd.error());
  admin_ = std::make_unique<admin::AdminServer>(
      loop_, std::move(*fd), [this](std::string_view method, std::string_view path, std::string_view) {
        return answer(method, path);
      });
  return {};
}

void Server::on_signal(int signal) {
  if (signal == SIGHUP) {
    std::string reasons;
    reload(reasons);
  } else if (draining_) {
    loop_.stop();  // asked twice: now
  } else {
    drain();
  }
}

/// Takes a new configuration into use, as a whole or not at all.
bool Server::reload(std::string& reasons) {
  Diagnostics diagnostics;
  const auto model = read_model_(diagnostics);
  Result<std::shared_ptr<const exchange::Snapshot>> compiled =
      failure(ErrorKind::Invalid, "the configuration has errors");
  if (model) compiled = compile_snapshot(*model, snapshot_->generation + 1, counters_, diagnostics);
  reasons = diagnostics.format();
  reload_ok_ = compiled.has_value();
  if (!reload_ok_) {
    reasons += compiled.error().detail + "\n";
    log_error("reload refused, the old configuration stays:\n" + reasons);
    return false;
  }
  snapshot_ = std::move(*compiled);
  drain_limit_ = model->limits.drain_timeout;
  for (const auto& worker : workers_) worker->take_snapshot(snapshot_);
  tls_.reload(*model);
  tls_.watch(model->certificate_check);
  log_info("configuration " + std::to_string(snapshot_->generation) + " is in use");
  return true;
}

void Server::drain() {
  draining_ = true;
  drain_began_ = clock_.steady();
  log_info("draining: no new connections, running exchanges finish");
  for (const auto& worker : workers_) worker->drain();
  drain_timer_.start(kDrainLook);
}

void Server::finish_when_drained() {
  if (open_connections() == 0 || clock_.steady() - drain_began_ > drain_limit_) {
    loop_.stop();
  } else {
    drain_timer_.start(kDrainLook);
  }
}

std::uint64_t Server::open_connections() const {
  std::uint64_t open = 0;
  for (const auto& worker : workers_) open += worker->connections();
  return open;
}

}  // namespace portvakt::server
