// The operators' listener: health, metrics, reload. HTTP/1.1 on a loop of its own thread, never on a worker, and never
// in front of visitors. Answers are small and made at once.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "proxy/http/limits.h"
#include "proxy/net/listener.h"

namespace portvakt::admin {

struct AdminAnswer {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
};

/// Called on the listener's loop.
using AdminHandler = std::function<AdminAnswer(std::string_view method, std::string_view path, std::string_view query)>;

class AdminConnection;

class AdminServer {
 public:
  AdminServer(net::EventLoop& loop, net::FileDescriptor listening, AdminHandler handler);
  ~AdminServer();

 private:
  friend class AdminConnection;
  void forget(AdminConnection& connection);

  net::EventLoop& loop_;
  AdminHandler handler_;
  std::vector<std::unique_ptr<AdminConnection>> connections_;
  net::Listener listener_;
};

}  // namespace portvakt::admin
