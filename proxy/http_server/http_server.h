// A small HTTP/1.1 server for people of the house: the operators' listener and the reports. Every answer is
// whole and made at once, on the loop's thread, which is never a worker's; request bodies are read and
// dropped. Not for visitors. The loop outlives it; the server dies on the loop's thread.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "proxy/http/message.h"
#include "proxy/net/listener.h"

namespace portvakt::http_server {

struct Answer {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers =
      {};  // besides Content-Type and Cache-Control: no-store
};

/// Called on the loop for each request.
using Handler = std::function<Answer(const http::RequestHead& request)>;

class HttpServer {
 public:
  HttpServer(net::EventLoop& loop, net::FileDescriptor listening, Handler handler);
  ~HttpServer();

 private:
  class Connection;
  void forget(Connection& connection);

  net::EventLoop& loop_;
  Handler handler_;
  std::vector<std::unique_ptr<Connection>> connections_;
  net::Listener listener_;
};

}  // namespace portvakt::http_server
