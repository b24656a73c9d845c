// The reports on a loopback address: page, JSON and CSV of a site and a period, from a store that another
// thread fills. There is no sign-in yet, so it answers only requests that name this machine as their host: a
// page in somebody's browser whose name was pointed at 127.0.0.1 gets nothing. Lives on its loop; loop,
// reports and clock outlive it.
#pragma once

#include <string>
#include <vector>

#include "insights/reports.h"
#include "proxy/base/clock.h"
#include "proxy/http_server/http_server.h"

namespace portvakt::insights {

struct InsightsSettings {
  std::vector<std::string> sites;  // shown in this order, also before they have records
  bool demo = false;
};

class InsightsServer {
 public:
  InsightsServer(net::EventLoop& loop, net::FileDescriptor listening, Reports& reports, const Clock& clock,
                 InsightsSettings settings);

  /// Public for tests: no socket is needed to ask.
  http_server::Answer answer(const http::RequestHead& request);

 private:
  Result<std::vector<std::string>> sites();
  Result<http_server::Answer> answer_report(const http::RequestHead& request);

  Reports& reports_;
  const Clock& clock_;
  const InsightsSettings settings_;
  http_server::HttpServer server_;
};

}  // namespace portvakt::insights
