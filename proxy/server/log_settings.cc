#include "proxy/server/log_settings.h"

#include <algorithm>

namespace portvakt::server {
namespace {

void take(logs::Retention& retention, const config::Keep& keep) {
  retention.requests = keep.requests.value_or(retention.requests);
  retention.consents = keep.consents.value_or(retention.consents);
  retention.events = keep.events.value_or(retention.events);
}

logs::Retention common_retention(const config::Log& log) {
  logs::Retention retention{log.retention, log.retention, log.retention};
  take(retention, log.keep);
  return retention;
}

}  // namespace

logs::SpoolSettings spool_settings(const config::Spool& spool, std::size_t writers) {
  logs::SpoolSettings settings;
  settings.path = spool.path;
  settings.max_size = spool.max_size;
  settings.max_age = spool.max_age;
  settings.rotate = spool.rotate;
  settings.sync = spool.sync;
  settings.writers = writers;
  return settings;
}

logs::ShipperSettings shipper_settings(const config::Model& model) {
  logs::ShipperSettings settings;
  if (model.log.redis) settings.prefix = model.log.redis->prefix;
  settings.retention = common_retention(model.log);
  for (const auto& site : model.sites) {
    settings.sites.push_back(site.name);
    logs::Retention own = settings.retention;
    take(own, site.log.keep);
    if (!(own == settings.retention)) settings.site_retention.emplace(site.name, own);
  }
  return settings;
}

logs::ErasureSettings erasure_settings(const config::Model& model) {
  const auto shipping = shipper_settings(model);
  logs::ErasureSettings settings;
  settings.prefix = shipping.prefix;
  settings.sites = shipping.sites;
  settings.gather = model.log.erasure.gather;
  settings.renew_files = model.log.erasure.renew_files;
  settings.standing = std::max(shipping.retention.longest(),
                               std::chrono::ceil<std::chrono::seconds>(model.log.spool.max_age));
  for (const auto& [site, retention] : shipping.site_retention)
    settings.standing = std::max(settings.standing, retention.longest());
  return settings;
}

}  // namespace portvakt::server
