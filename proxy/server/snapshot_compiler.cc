#include "proxy/server/snapshot_compiler.h"

#include "filters/tags/catalogue_reader.h"
#include "proxy/server/certificate_checks.h"
#include "proxy/server/held_vendors.h"
#include "proxy/server/process_limits.h"
#include "proxy/server/shipped_files.h"
#include "proxy/server/site_compiler.h"

namespace portvakt::server {
namespace {

Result<std::filesystem::path> given_or_shipped(const std::filesystem::path& given, const char* shipped) {
  if (!given.empty()) return given;
  return find_shipped(shipped);
}

Result<void> load_rules(const config::Model& model, SharedParts& parts, Diagnostics& diagnostics) {
  const auto vendors = given_or_shipped(model.vendors_file, "vendors.yaml");
  if (!vendors) return tl::unexpected(vendors.error());
  parts.catalogue = tags::read_catalogue(*vendors, diagnostics);
  if (!parts.catalogue)
    return failure(ErrorKind::Invalid, "the vendor catalogue " + vendors->string() + " has errors");
  const auto folder = given_or_shipped(model.locales, "locales");
  if (!folder) return tl::unexpected(folder.error());
  auto locales = consent::Locales::load(*folder, diagnostics);
  if (!locales) return tl::unexpected(locales.error());
  parts.locales = std::make_unique<consent::Locales>(std::move(*locales));
  return {};
}

Result<void> load_keys(const config::Model& model, SharedParts& parts) {
  for (const auto& secret : model.consent.signing_keys) {
    auto key = secret.file.empty() ? consent::parse_signing_key(secret.value)
                                   : consent::load_or_make_signing_key(secret.file);
    if (!key) return tl::unexpected(key.error());
    parts.keys.push_back(std::move(*key));
  }
  if (parts.keys.empty()) return failure(ErrorKind::Invalid, "consent.signing_keys names no key");
  return {};
}

Result<std::shared_ptr<const SharedParts>> load_parts(const config::Model& model, Diagnostics& diagnostics) {
  auto parts = std::make_shared<SharedParts>();
  auto geo = visitor::Geo::open(model.geo.country, model.geo.network);
  if (!geo) return tl::unexpected(geo.error());
  parts->geo = std::move(*geo);
  if (auto loaded = load_rules(model, *parts, diagnostics); !loaded) return tl::unexpected(loaded.error());
  check_vendors(model, *parts->catalogue, diagnostics);
  if (auto loaded = load_keys(model, *parts); !loaded) return tl::unexpected(loaded.error());
  return std::shared_ptr<const SharedParts>(std::move(parts));
}

/// The client's side of TLS is made once for each set of authorities, when the first upstream needs it.
class UpstreamCompiler {
 public:
  Result<std::unique_ptr<const upstream::UpstreamServer>> compile(const config::Upstream& from,
                                                                  const config::UpstreamTls& trust,
                                                                  exchange::SiteCounters& counters) {
    const bool tls = from.scheme == config::Upstream::Scheme::Https;
    auto server = std::make_unique<upstream::UpstreamServer>();
    server->host = from.address.host;
    server->name = std::string(tls ? "https://" : "http://") + from.address.host + ":" +
                   std::to_string(from.address.port);
    auto endpoints = net::resolve(from.address);
    if (!endpoints) return tl::unexpected(endpoints.error());
    server->endpoints = std::move(*endpoints);
    if (tls) {
      if (auto trusted = add_tls(trust, *server); !trusted) return tl::unexpected(trusted.error());
    }
    server->weight = from.weight;
    server->backup = from.backup;
    server->max_connections = from.max_connections;
    auto& status = counters.servers.try_emplace(server->name).first->second;
    if (!status) status = std::make_shared<upstream::ServerStatus>();
    server->status = status;
    return std::unique_ptr<const upstream::UpstreamServer>(std::move(server));
  }

 private:
  /// A connection that was verified in one way must not be lent to a site that asks for another: the name,
  /// which pools go by, says how.
  Result<void> add_tls(const config::UpstreamTls& trust, upstream::UpstreamServer& server) {
    auto& context = contexts_[trust.ca];
    if (!context) {
      auto made = net::TlsContext::for_client({.trusted = trust.ca});
      if (!made) return tl::unexpected(made.error());
      context = std::move(*made);
    }
    server.tls = context;
    if (!trust.ca.empty()) server.name += " by " + trust.ca.string();
    if (!trust.server_name.empty()) {
      server.host = trust.server_name;
      server.name += " as " + trust.server_name;
    }
    return {};
  }

  std::map<std::filesystem::path, std::shared_ptr<const net::TlsContext>> contexts_;
};

/// Limits that the configuration leaves open come from what the system grants.
void take_resource_limits(const config::Limits& from, std::uint64_t workers, exchange::Limits& limits) {
  limits.max_connections =
      from.max_connections ? *from.max_connections : connections_for(raise_descriptor_limit(), workers);
  limits.max_connections_per_network = from.max_connections_per_network;
  limits.max_buffered = from.max_buffered.value_or(usable_memory() / 4) / workers;
  limits.max_connection_buffer = from.max_connection_buffer;
}

upstream::Balancing balancing_of(const config::Balancing& from) {
  upstream::Balancing balancing;
  balancing.rule = static_cast<upstream::Balancing::Rule>(from.rule);
  balancing.key = static_cast<upstream::Balancing::Key>(from.key);
  balancing.key_header = from.key_header;
  balancing.slow_start = from.slow_start;
  balancing.retries = from.retries;
  balancing.retry_percent = from.retry_percent;
  balancing.queue = from.queue;
  balancing.queue_timeout = from.queue_timeout;
  return balancing;
}

void take_limits(const config::Limits& from, exchange::Snapshot& snapshot) {
  auto& limits = snapshot.limits;
  limits.message.max_line = from.max_request_line;
  limits.message.max_header_bytes = from.max_header_bytes;
  limits.message.max_header_count = from.max_header_count;
  limits.header_timeout = from.header_timeout;
  limits.idle_timeout = from.idle_timeout;
  limits.response_timeout = from.response_timeout;
  limits.write_timeout = from.write_timeout;
  limits.min_upload_rate = from.min_upload_rate;
  limits.upload_grace = from.upload_grace;
  limits.min_download_rate = from.min_download_rate;
  limits.download_grace = from.download_grace;
  limits.tunnel_timeout = from.tunnel_timeout;
  limits.max_body = from.max_body;
  limits.max_requests_per_connection = from.max_requests_per_connection;
  limits.http2.max_streams = static_cast<std::uint32_t>(from.http2_max_streams);
  limits.http2.stream_window = static_cast<std::uint32_t>(from.http2_stream_window);
  limits.http2.connection_window = static_cast<std::uint32_t>(from.http2_connection_window);
  snapshot.pool.limits = limits.message;
  snapshot.pool.connect_timeout = from.connect_timeout;
  snapshot.pool.max_idle = from.upstream_idle_connections;
  snapshot.pool.idle_timeout = from.upstream_idle_timeout;
}

}  // namespace

Result<std::shared_ptr<const exchange::Snapshot>> compile_snapshot(const config::Model& model,
                                                                   std::uint64_t generation,
                                                                   SiteCounterMap& counters,
                                                                   Diagnostics& diagnostics) {
  const bool certificates = check_certificates(model, diagnostics);
  const auto parts = load_parts(model, diagnostics);
  if (!parts) return tl::unexpected(parts.error());
  auto snapshot = std::make_shared<exchange::Snapshot>();
  snapshot->generation = generation;
  snapshot->consent_keys = (*parts)->keys;
  take_limits(model.limits, *snapshot);
  snapshot->trusted_proxies = visitor::TrustedProxies(model.trusted_proxies);
  take_resource_limits(model.limits, worker_count(model.workers), snapshot->limits);
  UpstreamCompiler upstreams;
  for (const auto& from : model.sites) {
    auto site = std::make_unique<exchange::Site>();
    site->name = from.name;
    site->hosts = from.hosts;
    auto& counter = counters.try_emplace(from.name).first->second;
    if (!counter) counter = std::make_unique<exchange::SiteCounters>();
    site->counters = counter.get();
    site->balancing = balancing_of(from.balancing);
    for (const auto& upstream : from.upstreams) {
      auto server = upstreams.compile(upstream, from.upstream_tls, *counter);
      if (!server) return failure(server.error().kind, "site " + from.name + ": " + server.error().detail);
      site->upstreams.push_back(std::move(*server));
    }
    if (auto compiled = compile_filters(model, from, *parts, *site); !compiled) {
      return tl::unexpected(compiled.error());
    }
    snapshot->sites.push_back(std::move(site));
  }
  for (const auto& site : snapshot->sites) snapshot->router.add(*site);
  if (!certificates) return failure(ErrorKind::Invalid, "a certificate cannot be used");
  return std::shared_ptr<const exchange::Snapshot>(std::move(snapshot));
}

}  // namespace portvakt::server
