// Taking a new configuration into use while serving: as a whole or not at all.
#include <algorithm>

#include "proxy/base/log.h"
#include "proxy/logs/redis/redis_config.h"
#include "proxy/server/log_settings.h"
#include "proxy/server/server.h"

namespace portvakt::server {
namespace {

bool same_address(const std::optional<config::ListenAddress>& a,
                  const std::optional<config::ListenAddress>& b) {
  if (!a || !b) return !a && !b;
  return a->socket == b->socket && a->tcp.host == b->tcp.host && a->tcp.port == b->tcp.port;
}

bool same_shipping(const config::Log& a, const config::Log& b) {
  if (a.redis.has_value() != b.redis.has_value() || a.retention != b.retention) return false;
  if (!(a.keep == b.keep) || !(a.erasure == b.erasure)) return false;
  return !a.redis || (a.redis->url.value == b.redis->url.value && a.redis->prefix == b.redis->prefix &&
                      a.redis->tls == b.redis->tls);
}

std::vector<config::Keep> site_keeps(const config::Model& model) {
  std::vector<config::Keep> keeps;
  for (const auto& site : model.sites) keeps.push_back(site.log.keep);
  return keeps;
}

std::vector<std::string> site_names(const config::Model& model) {
  std::vector<std::string> names;
  for (const auto& site : model.sites) names.push_back(site.name);
  return names;
}

}  // namespace

bool Server::reload(std::string& reasons) {
  Diagnostics diagnostics;
  const auto model = read_model_(diagnostics);
  Result<void> taken = failure(ErrorKind::Invalid, "the configuration has errors");
  if (phase_ != Phase::Serving) {
    taken = failure(ErrorKind::Refused, "the process is ending");
  } else if (model) {
    taken = take(*model, diagnostics);
  }
  reasons = diagnostics.format();
  reload_ok_ = taken.has_value();
  if (!reload_ok_) {
    reasons += taken.error().detail + "\n";
    log_error("reload refused, the old configuration stays:\n" + reasons);
    return false;
  }
  log_info("configuration " + std::to_string(snapshot_->generation) + " is in use");
  return true;
}

/// All that can fail comes first; then nothing of the old stays.
Result<void> Server::take(const config::Model& model, Diagnostics& diagnostics) {
  auto compiled = compile_snapshot(model, snapshot_->generation + 1, counters_, diagnostics);
  if (!compiled) return tl::unexpected(compiled.error());
  if (model.log.redis) {
    if (auto url = logs::redis_from(*model.log.redis); !url) return tl::unexpected(url.error());
  }
  std::unique_ptr<admin::AdminServer> moved_admin;
  const bool admin_stays = same_address(model.admin, admin_address_);
  if (!admin_stays) {
    if (auto opened = prepare_admin(model, moved_admin); !opened) return opened;
  }
  auto next = listeners_->prepare(model.listeners, tls_opener(model));
  if (!next) return tl::unexpected(next.error());
  listeners_->commit(std::move(*next));
  std::vector<std::vector<WorkerListener>> parts;
  for (std::size_t i = 0; i < workers_.size(); ++i) {
    auto part = listeners_->for_worker(i);
    if (!part) return tl::unexpected(part.error());
    parts.push_back(std::move(*part));
  }
  snapshot_ = std::move(*compiled);
  warn_of_fixed(model);
  for (std::size_t i = 0; i < workers_.size(); ++i) {
    workers_[i]->take(snapshot_, std::move(parts[i]), model.limits.drain_timeout);
  }
  if (!admin_stays) {
    // The request for this reload may have come through the old one, which must answer it first.
    admin_.swap(moved_admin);
    loop_.delete_later(std::move(moved_admin));
  }
  tls_.keep(model);
  tls_.watch(model.certificate_check);
  ship_by(model);
  open_desk(model);
  keep_inventory(model);
  note_settings(model);
  return {};
}

/// Starts the shipper, or one with new settings in place of the old: the marks in Redis tell it what is
/// stored.
void Server::ship_by(const config::Model& model) {
  auto sites = site_names(model);
  if (same_shipping(model.log, log_) && (shipper_ || !model.log.redis) && sites == shipped_sites_ &&
      site_keeps(model) == shipped_keeps_ && snapshot_->consent_keys == shipped_keys_) {
    return;
  }
  if (shipper_) shipper_->stop(std::chrono::milliseconds{0});
  shipper_.reset();
  erasures_.reset();
  log_.redis = model.log.redis;
  log_.retention = model.log.retention;
  log_.keep = model.log.keep;
  log_.erasure = model.log.erasure;
  shipped_keeps_ = site_keeps(model);
  shipped_sites_ = std::move(sites);
  shipped_keys_ = snapshot_->consent_keys;
  if (!model.log.redis) return;
  auto url = logs::redis_from(*model.log.redis);
  if (!url) return;  // looked at before
  logs::ShipperSettings shipping = shipper_settings(model);
  shipping.redis = std::move(*url);
  shipping.receipt_keys = shipped_keys_;
  shipper_ = std::make_unique<logs::RedisShipper>(*spool_, shipping, clock_);
  erasures_ = std::make_unique<logs::ErasureRunner>(shipping.redis, erasure_settings(model), clock_);
}

/// Opens the desk, or tells it where Redis is from now on.
void Server::open_desk(const config::Model& model) {
  logs::RightsDeskSettings settings;
  settings.sites = site_names(model);
  if (model.log.redis) {
    if (auto url = logs::redis_from(*model.log.redis)) settings.redis = std::move(*url);
    settings.prefix = model.log.redis->prefix;
  }
  if (desk_) {
    desk_->take(std::move(settings));
  } else {
    desk_ = std::make_unique<logs::RightsDesk>(std::move(settings), clock_);
  }
}

/// The counters, and with them each site's board, live as long as the process.
void Server::keep_inventory(const config::Model& model) {
  logs::InventorySettings settings;
  for (const auto& name : site_names(model)) settings.boards[name] = &counters_.at(name)->inventory;
  if (model.log.redis) {
    if (auto url = logs::redis_from(*model.log.redis)) settings.redis = std::move(*url);
    settings.prefix = model.log.redis->prefix;
  }
  if (inventory_) {
    inventory_->take(std::move(settings));
  } else {
    inventory_ = std::make_unique<logs::InventoryKeeper>(std::move(settings));
  }
}

void Server::note_settings(const config::Model& model) {
  drain_delay_ = model.limits.drain_delay;
  drain_limit_ = model.limits.drain_timeout;
  admin_address_ = model.admin;
}

/// What is laid out once for the life of the process.
void Server::warn_of_fixed(const config::Model& model) const {
  if (model.workers > 0 && static_cast<std::size_t>(model.workers) != workers_.size()) {
    log_warning("`workers` takes effect at a restart; " + std::to_string(workers_.size()) + " go on");
  }
  if (!(model.log.spool == log_.spool)) {
    log_warning("`log.spool` takes effect at a restart; the spool stays as it is");
  }
}

}  // namespace portvakt::server
