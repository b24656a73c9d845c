// A small HTTP/1.1 server for people of the house: the operators' listener and the reports. Every answer is
// made at once, on the loop's thread, which is never a worker's: whole, or as a feed that goes on. Bodies of
// requests are held up to a bound. Not for visitors. The loop outlives it; the server dies on the loop's
// thread.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "proxy/http/message.h"
#include "proxy/net/listener.h"

namespace portvakt::http_server {

/// Of a request; a larger one is answered with 413.
inline constexpr std::size_t kMaxBody = 64U << 10;
/// Feeds that run at once; the next one is answered with 503.
inline constexpr std::size_t kMaxFeeds = 24;

/// A request with all of its body.
struct Request : http::RequestHead {
  std::string body = {};
  std::optional<IpAddress> peer = {};  // empty: a Unix socket
};

/// A body without end, such as server-sent events: what `next` gives, at once and then every `every`, until
/// it gives nothing. A reader who takes too little is left out until there is room.
struct Feed {
  std::chrono::milliseconds every;
  std::function<std::optional<std::string>()> next;
};

struct Answer {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers =
      {};  // besides Content-Type, and Cache-Control: no-store unless there is one
  std::optional<Feed> feed = std::nullopt;  // instead of the body
};

/// Called on the loop for each request.
using Handler = std::function<Answer(const Request& request)>;

class HttpServer {
 public:
  HttpServer(net::EventLoop& loop, net::FileDescriptor listening, Handler handler);
  ~HttpServer();

 private:
  class Connection;
  void forget(Connection& connection);
  bool has_room_for_feed() const;

  net::EventLoop& loop_;
  Handler handler_;
  std::vector<std::unique_ptr<Connection>> connections_;
  net::Listener listener_;
};

}  // namespace portvakt::http_server
