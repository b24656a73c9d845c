// The process in Prometheus' text format. Reads relaxed counters at the moment of the scrape; no label holds
// a path, an address or anything else of a visitor.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "filters/purposes.h"
#include "proxy/exchange/limit_counters.h"
#include "proxy/exchange/site_counters.h"

namespace portvakt::admin {

/// One server of a site, by the operator's own name for it.
struct UpstreamMetrics {
  std::string name;
  const upstream::ServerStatus* status = nullptr;
  bool up = true;
};

struct SiteMetrics {
  std::string name;
  const exchange::SiteCounters* counters = nullptr;
  filters::PurposeNames purposes;
  std::vector<UpstreamMetrics> upstreams = {};
};

struct ProcessMetrics {
  std::vector<SiteMetrics> sites;
  double records_appended = 0;
  double records_delivered = 0;
  double records_retried = 0;
  double records_lost = 0;
  double spool_bytes = 0;
  double redis_connected = 0;
  std::map<std::string, double> redis_failures;  // by kind
  std::string redis_last_failure;                // its kind; empty: none yet
  double connections = 0;
  double connection_limit = 0;
  double buffered = 0;  // bytes held for clients
  double buffer_limit = 0;
  std::map<std::string, double> proxy_headers_refused;  // by reason
  std::array<double, exchange::kLimitCount> limit_hits{};
  std::map<std::string, double> http2_abuse;       // connections closed for it, by kind
  std::map<std::string, double> rights_questions;  // of visitors about their rights, by what became of them
  double rights_waiting = 0;
  std::map<std::string, std::pair<double, double>> rights_requests;  // by site: open, and those past due
  double config_generation = 0;
  bool last_reload_successful = true;
  std::map<std::string, double> certificate_expiry;  // by file name: seconds since the epoch
  double certificates_taken = 0;                     // changed on disk and taken into use
  double certificates_refused = 0;
  std::map<std::string, double> handshakes;  // by result
  double handshakes_open = 0;
  std::string version;
};

/// Every `portvakt_` metric of the contract, with help and type.
std::string format_metrics(const ProcessMetrics& process);

}  // namespace portvakt::admin
