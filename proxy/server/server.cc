#include "proxy/server/server.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>

#include "proxy/base/ascii.h"
#include "proxy/base/log.h"
#include "proxy/server/log_settings.h"
#include "proxy/server/process_limits.h"

namespace portvakt::server {
namespace {

constexpr std::chrono::milliseconds kLastDelivery{5000};

bool needs_permission(const Error& error) {
  return ascii::contains(error.detail, std::strerror(EACCES));
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
  desk_->stop();
  inventory_->stop();
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
  const auto count = worker_count(model.workers);
  listeners_ = std::make_unique<ListenerSet>(count);
  auto next = listeners_->prepare(model.listeners, tls_opener(model));
  if (!next) return tl::unexpected(next.error());
  listeners_->commit(std::move(*next));
  if (auto opened = prepare_admin(model, admin_); !opened) return opened;
  if (auto opened = open_spool(model, count); !opened) return opened;
  log_.spool = model.log.spool;
  ship_by(model);
  note_settings(model);
  open_desk(model);
  keep_inventory(model);
  if (auto started = start_workers(count); !started) return started;
  tls_.watch(model.certificate_check);
  return {};
}

Result<void> Server::start_workers(std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    auto listeners = listeners_->for_worker(i);
    if (!listeners) return tl::unexpected(listeners.error());
    workers_.push_back(std::make_unique<Worker>(snapshot_, spool_->writer(i), clock_, std::move(*listeners),
                                                connection_counts_));
  }
  for (const auto& worker : workers_) {
    worker->use_desk(*desk_);
    worker->use_inventory(*inventory_);
  }
  for (const auto& worker : workers_) worker->start();
  return {};
}

Result<void> Server::open_spool(const config::Model& model, std::size_t workers) {
  auto spool = logs::Spool::open(spool_settings(model.log.spool, workers), clock_);
  if (!spool) return tl::unexpected(spool.error());
  spool_ = std::move(*spool);
  return {};
}

TlsOpener Server::tls_opener(const config::Model& model) {
  return [this, &model](const config::Listener& listener) {
    return tls_.open(listener, model.limits.handshake_timeout);
  };
}

/// Makes the operators' listener where it is new or has moved; else leaves `prepared` empty.
Result<void> Server::prepare_admin(const config::Model& model,
                                   std::unique_ptr<admin::AdminServer>& prepared) {
  if (!model.admin) return {};
  auto endpoint = resolve_listen(*model.admin);
  if (!endpoint) return tl::unexpected(endpoint.error());
  auto fd = net::listen_on(*endpoint, false);
  if (!fd) return tl::unexpected(fd.error());
  prepared = std::make_unique<admin::AdminServer>(
      loop_, std::move(*fd), [this](std::string_view method, std::string_view path, std::string_view query) {
        return answer(method, path, query);
      });
  return {};
}

std::uint64_t Server::open_connections() const {
  std::uint64_t open = 0;
  for (const auto& worker : workers_) open += worker->connections();
  return open;
}

}  // namespace portvakt::server
