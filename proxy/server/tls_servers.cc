#include "proxy/server/tls_servers.h"

#include <algorithm>
#include <filesystem>

#include "proxy/base/log.h"
#include "proxy/server/certificate_checks.h"

namespace portvakt::server {
namespace {

std::string address_of(const config::Listener& listener) {
  if (listener.address.is_unix()) return "unix:" + listener.address.socket.string();
  return listener.address.tcp.host + ":" + std::to_string(listener.address.tcp.port);
}

net::TlsServerSettings settings_of(const config::Listener& listener,
                                   std::chrono::milliseconds handshake_timeout) {
  net::TlsServerSettings settings;
  settings.certificates = certificate_files(listener);
  settings.profile = listener.tls_profile == config::TlsProfile::Modern ? net::TlsProfile::Modern
                                                                        : net::TlsProfile::Intermediate;
  settings.handshake_timeout = handshake_timeout;
  settings.scope = address_of(listener);
  return settings;
}

double as_double(const Counter& counter) {
  return static_cast<double>(counter.value());
}

/// Its file's name; with the folder's where several are called the same, as certbot's are.
std::string label_of(const std::string& file, const std::map<std::string, int>& uses) {
  const std::filesystem::path path(file);
  const auto name = path.filename().string();
  return uses.at(name) == 1 ? name : path.parent_path().filename().string() + "/" + name;
}

}  // namespace

TlsServers::TlsServers(net::EventLoop& loop, const Clock& clock)
    : shared_(std::make_shared<net::TlsShared>(clock)), timer_(loop, [this] { look(); }) {}

Result<std::shared_ptr<net::TlsServer>> TlsServers::open(const config::Listener& listener,
                                                         std::chrono::milliseconds handshake_timeout) {
  auto settings = settings_of(listener, handshake_timeout);
  const auto known = servers_.find(settings.scope);
  if (known != servers_.end()) {
    if (auto taken = known->second->reconfigure(std::move(settings)); !taken) {
      return tl::unexpected(taken.error());
    }
    return known->second;
  }
  const auto address = settings.scope;
  auto server = net::TlsServer::open(std::move(settings), shared_);
  // A port that the system chooses is another one each time.
  if (server && listener.address.tcp.port != 0) servers_[address] = *server;
  return server;
}

void TlsServers::keep(const config::Model& model) {
  std::erase_if(servers_, [&](const auto& one) {
    return std::ranges::none_of(model.listeners, [&](const config::Listener& listener) {
      return listener.is_tls() && address_of(listener) == one.first;
    });
  });
}

void TlsServers::watch(std::chrono::milliseconds interval) {
  interval_ = interval;
  timer_.start(interval_);
}

void TlsServers::look() {
  shared_->tickets.rotate();
  for (const auto& [address, server] : servers_) {
    const auto changed = server->refresh();
    if (!changed) {
      ++refused_;
      log_error("the old certificates of " + address + " stay: " + changed.error().detail);
    } else if (*changed) {
      ++taken_;
      log_info("changed certificates of " + address + " are in use");
    }
  }
  timer_.start(interval_);
}

void TlsServers::report(admin::ProcessMetrics& metrics) const {
  std::map<std::string, std::int64_t> expiries;
  for (const auto& [address, server] : servers_) {
    for (const auto& one : server->expiries()) expiries[one.file] = one.expires;
  }
  std::map<std::string, int> uses;
  for (const auto& [file, expires] : expiries) ++uses[std::filesystem::path(file).filename().string()];
  for (const auto& [file, expires] : expiries) {
    metrics.certificate_expiry[label_of(file, uses)] = static_cast<double>(expires);
  }
  metrics.certificates_taken = static_cast<double>(taken_);
  metrics.certificates_refused = static_cast<double>(refused_);
  const auto& counters = shared_->counters;
  metrics.handshakes = {{"full", as_double(counters.full)},
                        {"resumed", as_double(counters.resumed)},
                        {"failed", as_double(counters.failed)},
                        {"timed_out", as_double(counters.timed_out)}};
  metrics.handshakes_open = as_double(counters.open);
}

}  // namespace portvakt::server
