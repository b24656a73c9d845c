// What the server tells its operators: the admin listener's answers.
#include "proxy/admin/metrics.h"
#include "proxy/base/ascii.h"
#include "proxy/logs/inventory/inventory_text.h"
#include "proxy/server/server.h"

namespace portvakt::server {
namespace {

void report_redis_failures(const logs::ShipperCounters& counters, admin::ProcessMetrics& process) {
  const auto word_of = [](std::size_t kind) {
    return std::string(logs::fault_word(static_cast<logs::RedisFault>(kind)));
  };
  for (std::size_t kind = 0; kind < counters.faults.size(); ++kind) {
    const auto count = counters.faults[kind].value();
    if (count > 0) process.redis_failures[word_of(kind)] = static_cast<double>(count);
  }
  const auto last = counters.last_fault.value();
  if (last > 0) process.redis_last_failure = word_of(last - 1);
}

}  // namespace

/// `site=NAME`: one site's inventory; without it, the first site's.
admin::AdminAnswer Server::inventory_of(std::string_view query) const {
  auto name = std::string(snapshot_->default_site().name);
  for (const auto part : ascii::split(query, '&')) {
    if (part.starts_with("site=")) name = ascii::decode_form_component(part.substr(5));
  }
  for (const auto& site : snapshot_->sites) {
    if (site->name == name)
      return {200, "application/json", logs::inventory_json(name, *site->counters->inventory.now())};
  }
  return {404, "text/plain; charset=utf-8", "there is no site of that name\n"};
}

admin::AdminAnswer Server::answer(std::string_view method, std::string_view path, std::string_view query) {
  const bool reading = method == "GET" || method == "HEAD";
  if (path == "/livez" && reading) return {200, "text/plain; charset=utf-8", "ok\n"};
  if (path == "/readyz" && reading) {
    if (phase_ != Phase::Serving) return {503, "text/plain; charset=utf-8", "draining\n"};
    return {200, "text/plain; charset=utf-8", "ok\n"};
  }
  if (path == "/metrics" && reading) return {200, "text/plain; version=0.0.4; charset=utf-8", metrics()};
  if (path == "/inventory" && reading) return inventory_of(query);
  if (path == "/reload" && method == "POST") {
    std::string reasons;
    if (!reload(reasons)) return {422, "text/plain; charset=utf-8", reasons};
    return {200, "text/plain; charset=utf-8",
            reasons + "configuration " + std::to_string(snapshot_->generation) + " is in use\n"};
  }
  const bool known = path == "/livez" || path == "/readyz" || path == "/metrics" || path == "/inventory" ||
                     path == "/reload";
  return {known ? 405 : 404, "text/plain; charset=utf-8",
          known ? "method not allowed\n"
                : "not found: try /livez, /readyz, /metrics, /inventory?site= or POST /reload\n"};
}

std::string Server::metrics() const {
  admin::ProcessMetrics process;
  for (const auto& site : snapshot_->sites) {
    process.sites.push_back({site->name, site->counters, site->purposes, {}});
    for (const auto& server : site->upstreams) {
      const auto standing = server->status->standing(clock_.steady());
      process.sites.back().upstreams.push_back(
          {server->name, server->status.get(), standing == upstream::ServerStatus::Standing::Up});
    }
  }
  process.records_appended = static_cast<double>(spool_->appended());
  process.records_lost = static_cast<double>(spool_->lost());
  process.spool_bytes = static_cast<double>(spool_->bytes());
  if (shipper_) {
    process.records_delivered = static_cast<double>(shipper_->counters().delivered.value());
    process.records_retried = static_cast<double>(shipper_->counters().retried.value());
    process.redis_connected = static_cast<double>(shipper_->counters().connected.value());
    report_redis_failures(shipper_->counters(), process);
  }
  const auto& desk = desk_->counters();
  process.rights_questions = {{"answered", static_cast<double>(desk.answered.value())},
                              {"unavailable", static_cast<double>(desk.unavailable.value())},
                              {"refused", static_cast<double>(desk.refused.value())},
                              {"abandoned", static_cast<double>(desk.abandoned.value())}};
  process.rights_waiting = static_cast<double>(desk.waiting.value());
  for (const auto& [site, requests] : desk_->open_requests()) {
    process.rights_requests[site] = {static_cast<double>(requests.open),
                                     static_cast<double>(requests.overdue)};
  }
  process.connection_limit = static_cast<double>(snapshot_->limits.max_connections);
  process.buffer_limit =
      static_cast<double>(snapshot_->limits.max_buffered) * static_cast<double>(workers_.size());
  for (const auto& worker : workers_) {
    process.buffered += static_cast<double>(worker->buffered());
    for (std::size_t i = 0; i < exchange::kLimitCount; ++i)
      process.limit_hits[i] +=
          static_cast<double>(worker->limit_hits().value(static_cast<exchange::Limit>(i)));
  }
  process.connections = static_cast<double>(open_connections());
  for (const auto& worker : workers_) {
    const auto& refused = worker->refused_proxies();
    process.proxy_headers_refused["untrusted"] += static_cast<double>(refused.untrusted.value());
    process.proxy_headers_refused["malformed"] += static_cast<double>(refused.malformed.value());
    process.proxy_headers_refused["timeout"] += static_cast<double>(refused.late.value());
  }
  for (std::size_t i = 0; i < http::kHttp2Abuses; ++i) {
    auto& count = process.http2_abuse[std::string(http::name_of(static_cast<http::Http2Abuse>(i)))];
    for (const auto& worker : workers_)
      count += static_cast<double>(worker->http2_counters().abuse[i].value());
  }
  process.config_generation = static_cast<double>(snapshot_->generation);
  process.last_reload_successful = reload_ok_;
  tls_.report(process);
  process.version = version_;
  return admin::format_metrics(process);
}

}  // namespace portvakt::server
