// What the configuration says of the visitor log, as its threads take it. Pure functions.
#pragma once

#include "config/model.h"
#include "proxy/logs/shipping/redis_shipper.h"
#include "proxy/logs/spool/spool.h"
#include "proxy/logs/subjects/erasure_job.h"

namespace portvakt::server {

logs::SpoolSettings spool_settings(const config::Spool& spool, std::size_t writers);

/// Sites and how long each kind of their data is kept; all else as it comes.
logs::ShipperSettings shipper_settings(const config::Model& model);

/// An order stands as long as a record may: the longest retention, or the longest wait in a spool.
logs::ErasureSettings erasure_settings(const config::Model& model);

}  // namespace portvakt::server
