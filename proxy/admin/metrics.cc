#include "proxy/admin/metrics.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <limits>

namespace portvakt::admin {
namespace {

using Labels = std::vector<prometheus::ClientMetric::Label>;

/// Gathers families in the order in which they are to be read.
class Families {
 public:
  prometheus::MetricFamily& add(std::string name, std::string help, prometheus::MetricType type) {
    families_.push_back({std::move(name), std::move(help), type, {}});
    return families_.back();
  }
  void add_gauge(std::string name, std::string help, double value, Labels labels = {}) {
    auto& family = add(std::move(name), std::move(help), prometheus::MetricType::Gauge);
    prometheus::ClientMetric metric;
    metric.label = std::move(labels);
    metric.gauge.value = value;
    family.metric.push_back(metric);
  }
  const std::vector<prometheus::MetricFamily>& all() const { return families_; }

 private:
  std::vector<prometheus::MetricFamily> families_;
};

void add_count(prometheus::MetricFamily& family, double value, Labels labels) {
  prometheus::ClientMetric metric;
  metric.label = std::move(labels);
  metric.counter.value = value;
  family.metric.push_back(std::move(metric));
}

double as_double(const Counter& counter) {
  return static_cast<double>(counter.value());
}

void add_requests(Families& families, const ProcessMetrics& process) {
  auto& requests = families.add("portvakt_requests_total", "Exchanges that ended, by site and status code.",
                                prometheus::MetricType::Counter);
  for (const auto& site : process.sites) {
    for (std::size_t code = 0; code < site.counters->responses.size(); ++code) {
      const auto& count = site.counters->responses[code];
      if (count.value() > 0)
        add_count(requests, as_double(count), {{"site", site.name}, {"code", std::to_string(code)}});
    }
  }
  auto& seconds =
      families.add("portvakt_request_seconds", "Time from a request's head to the end of its answer.",
                   prometheus::MetricType::Histogram);
  for (const auto& site : process.sites) {
    prometheus::ClientMetric metric;
    metric.label = {{"site", site.name}};
    std::uint64_t total = 0;
    for (std::size_t i = 0; i < site.counters->durations.size(); ++i) {
      total += site.counters->durations[i].value();
      const bool last = i == exchange::kDurationBounds.size();
      const double bound =
          last ? std::numeric_limits<double>::infinity() : exchange::kDurationBounds[i] / 1000.0;
      metric.histogram.bucket.push_back({total, bound});
    }
    metric.histogram.sample_count = total;
    metric.histogram.sample_sum = as_double(site.counters->duration_total_ms) / 1000.0;
    seconds.metric.push_back(std::move(metric));
  }
}

void add_held(Families& families, const ProcessMetrics& process) {
  auto& tags = families.add("portvakt_tags_held_total", "Tags held back for want of consent.",
                            prometheus::MetricType::Counter);
  for (const auto& site : process.sites) {
    for (std::size_t p = 1; p < site.purposes.size(); ++p) {
      const auto purpose = site.purposes.name(static_cast<filters::Purpose>(p));
      add_count(tags, as_double(site.counters->tags_held[p]), {{"site", site.name}, {"purpose", purpose}});
    }
  }
  auto& cookies = families.add("portvakt_cookies_held_total", "Cookies held back for want of consent.",
                               prometheus::MetricType::Counter);
  for (const auto& site : process.sites) {
    for (std::size_t p = 1; p < site.purposes.size(); ++p) {
      const auto purpose = site.purposes.name(static_cast<filters::Purpose>(p));
      add_count(cookies, as_double(site.counters->request_cookies_held[p]),
                {{"site", site.name}, {"direction", "request"}, {"purpose", purpose}});
      add_count(cookies, as_double(site.counters->response_cookies_held[p]),
                {{"site", site.name}, {"direction", "response"}, {"purpose", purpose}});
    }
  }
}

void add_choices(Families& families, const ProcessMetrics& process) {
  auto& choices = families.add("portvakt_consent_choices_total", "Choices that visitors made.",
                               prometheus::MetricType::Counter);
  for (const auto& site : process.sites) {
    add_count(choices, as_double(site.counters->choices_accept_all),
              {{"site", site.name}, {"choice", "accept-all"}});
    add_count(choices, as_double(site.counters->choices_reject_all),
              {{"site", site.name}, {"choice", "reject-all"}});
    add_count(choices, as_double(site.counters->choices_selected),
              {{"site", site.name}, {"choice", "selected"}});
  }
}

void add_tls(Families& families, const ProcessMetrics& process) {
  auto& expiry = families.add("portvakt_certificate_expiry_timestamp_seconds", "When a certificate ends.",
                              prometheus::MetricType::Gauge);
  for (const auto& [file, seconds] : process.certificate_expiry) {
    prometheus::ClientMetric metric;
    metric.label = {{"certificate", file}};
    metric.gauge.value = seconds;
    expiry.metric.push_back(std::move(metric));
  }
  auto& changes = families.add("portvakt_certificate_changes_total",
                               "Certificate files that changed on disk, by what became of them.",
                               prometheus::MetricType::Counter);
  add_count(changes, process.certificates_taken, {{"result", "taken"}});
  add_count(changes, process.certificates_refused, {{"result", "refused"}});
  auto& handshakes = families.add("portvakt_tls_handshakes_total", "TLS handshakes of clients that ended.",
                                  prometheus::MetricType::Counter);
  for (const auto& [result, count] : process.handshakes) add_count(handshakes, count, {{"result", result}});
  families.add_gauge("portvakt_tls_handshakes_open", "TLS handshakes under way.", process.handshakes_open);
}

void add_limits(Families& families, const ProcessMetrics& process) {
  auto& hits = families.add("portvakt_limit_hits_total",
                            "How often a limit of the configuration was reached, by its name.",
                            prometheus::MetricType::Counter);
  for (std::size_t i = 0; i < exchange::kLimitCount; ++i) {
    add_count(hits, process.limit_hits[i], {{"limit", std::string(exchange::kLimitNames[i])}});
  }
  families.add_gauge("portvakt_connections_limit", "Client connections that may be open at once.",
                     process.connection_limit);
  families.add_gauge("portvakt_buffered_bytes",
                     "Bytes held for clients: output, bodies on their way, held text.", process.buffered);
  families.add_gauge("portvakt_buffered_bytes_limit", "How many bytes may be held for clients.",
                     process.buffer_limit);
}

void add_http2(Families& families, const ProcessMetrics& process) {
  auto& abuse = families.add("portvakt_http2_abuse_total",
                             "HTTP/2 connections closed for passing a limit, by its kind.",
                             prometheus::MetricType::Counter);
  for (const auto& [kind, count] : process.http2_abuse) add_count(abuse, count, {{"kind", kind}});
}

void add_upstreams(Families& families, const ProcessMetrics& process) {
  using Read = double (*)(const UpstreamMetrics&);
  const auto add = [&](const char* name, const char* help, bool counts, Read read) {
    auto& family =
        families.add(name, help, counts ? prometheus::MetricType::Counter : prometheus::MetricType::Gauge);
    for (const auto& site : process.sites) {
      for (const auto& server : site.upstreams) {
        prometheus::ClientMetric metric;
        metric.label = {{"site", site.name}, {"server", server.name}};
        (counts ? metric.counter.value : metric.gauge.value) = read(server);
        family.metric.push_back(std::move(metric));
      }
    }
  };
  add("portvakt_upstream_up", "0 while a server is left out after failures or failed checks.", false,
      [](const UpstreamMetrics& server) { return server.up ? 1.0 : 0.0; });
  add("portvakt_upstream_requests_active", "Exchanges under way at a server.", false,
      [](const UpstreamMetrics& server) { return static_cast<double>(server.status->active()); });
  add("portvakt_upstream_requests_total", "Exchanges that were sent to a server, retries among them.", true,
      [](const UpstreamMetrics& server) { return as_double(server.status->counters.requests); });
  add("portvakt_upstream_failures_total", "Exchanges that a server did not answer.", true,
      [](const UpstreamMetrics& server) { return as_double(server.status->counters.failures); });
  add("portvakt_upstream_retries_total", "Exchanges that came to a server after another try had failed.",
      true, [](const UpstreamMetrics& server) { return as_double(server.status->counters.retries); });
  add("portvakt_upstream_connections_total", "Connections opened to a server.", true,
      [](const UpstreamMetrics& server) { return as_double(server.status->counters.connections); });
}

void add_rights(Families& families, const ProcessMetrics& process) {
  auto& questions = families.add("portvakt_rights_questions_total",
                                 "What visitors asked of Redis on the privacy pages, by what became of it.",
                                 prometheus::MetricType::Counter);
  for (const auto& [result, count] : process.rights_questions)
    add_count(questions, count, {{"result", result}});
  families.add_gauge("portvakt_rights_questions_waiting", "Such questions waiting for their turn.",
                     process.rights_waiting);
  const auto add = [&](const char* name, const char* help, double std::pair<double, double>::* which) {
    auto& family = families.add(name, help, prometheus::MetricType::Gauge);
    for (const auto& [site, requests] : process.rights_requests) {
      prometheus::ClientMetric metric;
      metric.label = {{"site", site}};
      metric.gauge.value = requests.*which;
      family.metric.push_back(std::move(metric));
    }
  };
  add("portvakt_rights_requests_open", "Requests of visitors that an operator has to answer.",
      &std::pair<double, double>::first);
  add("portvakt_rights_requests_overdue", "Those of them whose due date is past.",
      &std::pair<double, double>::second);
}

void add_process(Families& families, const ProcessMetrics& process) {
  auto& records =
      families.add("portvakt_records_total", "Access and consent records, by what became of them.",
                   prometheus::MetricType::Counter);
  add_count(records, process.records_appended, {{"result", "spooled"}});
  add_count(records, process.records_delivered, {{"result", "delivered"}});
  add_count(records, process.records_retried, {{"result", "retried"}});
  add_count(records, process.records_lost, {{"result", "lost"}});
  families.add_gauge("portvakt_spool_bytes", "Size of the spool's files.", process.spool_bytes);
  families.add_gauge("portvakt_redis_connected", "1 while records can be delivered.",
                     process.redis_connected);
  auto& failures = families.add("portvakt_redis_failures_total", "Attempts to deliver that failed, by kind.",
                                prometheus::MetricType::Counter);
  for (const auto& [kind, count] : process.redis_failures) add_count(failures, count, {{"kind", kind}});
  if (!process.redis_last_failure.empty()) {
    families.add_gauge("portvakt_redis_last_failure",
                       "Always 1; the kind of the last failure is in the label.", 1,
                       {{"kind", process.redis_last_failure}});
  }
  families.add_gauge("portvakt_connections", "Open client connections.", process.connections);
  auto& refused = families.add("portvakt_proxy_headers_refused_total",
                               "Connections closed for want of a good PROXY header from a trusted proxy.",
                               prometheus::MetricType::Counter);
  for (const auto& [reason, count] : process.proxy_headers_refused) {
    add_count(refused, count, {{"reason", reason}});
  }
  families.add_gauge("portvakt_config_generation", "Configurations taken into use since the start.",
                     process.config_generation);
  families.add_gauge("portvakt_config_last_reload_successful", "0 if the last reload was refused.",
                     process.last_reload_successful ? 1 : 0);
  families.add_gauge("portvakt_build_info", "Always 1; the version is in the label.", 1,
                     {{"version", process.version}});
  add_tls(families, process);
}

}  // namespace

std::string format_metrics(const ProcessMetrics& process) {
  Families families;
  add_requests(families, process);
  add_held(families, process);
  add_choices(families, process);
  add_limits(families, process);
  add_upstreams(families, process);
  add_process(families, process);
  add_rights(families, process);
  add_http2(families, process);
  return prometheus::TextSerializer().Serialize(families.all());
}

}  // namespace portvakt::admin
