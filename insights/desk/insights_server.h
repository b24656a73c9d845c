// The reports over HTTP: who asks, what for, and under which policy the answer leaves. Figures come from
// Reports, whose store another thread fills. It answers only requests that name this machine (or a name that
// the operator gave) as their host: a page in somebody's browser whose name was pointed at 127.0.0.1 gets
// nothing. Lives on its loop; loop, reports, accounts and clock outlive it.
#pragma once

#include "insights/accounts/guess_limit.h"
#include "insights/desk/desk.h"

namespace portvakt::insights {

class InsightsServer {
 public:
  InsightsServer(net::EventLoop& loop, net::FileDescriptor listening, Reports& reports, Database& accounts,
                 const Clock& clock, InsightsSettings settings);

  /// Public for tests: no socket is needed to ask.
  http_server::Answer answer(const http_server::Request& request);

 private:
  Result<http_server::Answer> answer_known(const http_server::Request& request, Reader reader);
  Result<http_server::Answer> answer_shared(const http_server::Request& request);
  Result<http_server::Answer> route(const http_server::Request& request);
  bool is_our_name(std::string_view authority) const;

  Desk desk_;
  GuessLimit guesses_;
  http_server::HttpServer server_;
};

}  // namespace portvakt::insights
