// The operators' listener: health, metrics, reload. HTTP/1.1 on a loop of its own thread, never on a worker,
// and never in front of visitors. Answers are small and made at once.
#pragma once

#include <functional>
#include <string_view>

#include "proxy/http_server/http_server.h"

namespace portvakt::admin {

using AdminAnswer = http_server::Answer;

/// Called on the listener's loop.
using AdminHandler =
    std::function<AdminAnswer(std::string_view method, std::string_view path, std::string_view query)>;

class AdminServer {
 public:
  AdminServer(net::EventLoop& loop, net::FileDescriptor listening, AdminHandler handler);

 private:
  http_server::HttpServer server_;
};

}  // namespace portvakt::admin
