#include "proxy/http_server/http_server.h"

#include <algorithm>

#include "proxy/http/http1_codec.h"
#include "proxy/net/stream_pump.h"
#include "proxy/net/tcp_transport.h"

namespace portvakt::http_server {
namespace {

constexpr std::chrono::milliseconds kPatience{30000};
constexpr std::size_t kMaxConnections = 64;

}  // namespace

/// One connection: a request, an answer, the next.
class HttpServer::Connection : private http::CodecEvents, private net::PumpEvents {
 public:
  Connection(HttpServer& server, net::FileDescriptor fd, std::optional<IpAddress> peer)
      : server_(server),
        codec_(http::Http1Codec::Role::Server, *this, {}, "http"),
        pump_(server.loop_, std::make_unique<net::TcpTransport>(server.loop_, std::move(fd)), codec_.output(),
              *this),
        next_(server.loop_, [this] { settle(); }),
        patience_(server.loop_, [this] { close(); }),
        beat_(server.loop_, [this] { send_more(); }) {
    request_.peer = peer;
    patience_.start(kPatience);
  }
  bool feeds() const { return feed_.has_value(); }

 private:
  void on_request(http::StreamId, http::RequestHead&& head, http::BodyLength) override {
    static_cast<http::RequestHead&>(request_) = std::move(head);
    request_.body.clear();
    too_large_ = false;
  }
  void on_body(http::StreamId, std::string_view bytes) override {
    too_large_ = too_large_ || bytes.size() > kMaxBody - request_.body.size();
    if (!too_large_) request_.body.append(bytes);
  }
  void on_end(http::StreamId stream, http::HeaderMap&&) override {
    if (too_large_) return send(stream, {413, "text/plain; charset=utf-8", "too large\n"});
    auto answer = server_.handler_(request_);
    if (answer.feed && !server_.has_room_for_feed()) {
      answer = {503, "text/plain; charset=utf-8", "too many readers\n", {{"Retry-After", "60"}}};
    }
    send(stream, answer);
  }
  void on_reset(http::StreamId, const Error&) override {}

  std::size_t on_bytes(std::string_view bytes) override {
    patience_.start(kPatience);
    const auto used = codec_.receive(bytes);
    if (!used) send(codec_.refused_stream(), {400, "text/plain; charset=utf-8", "bad request\n"});
    next_.schedule();
    return used.value_or(bytes.size());
  }
  void on_peer_end() override {
    // Whoever has asked and sends no more still gets the answer.
    if (feed_) return close();
    (void)codec_.receive_end();
    next_.schedule();
  }
  void on_broken() override { close(); }
  void on_written() override {
    patience_.start(kPatience);
    send_rest();
    next_.schedule();
  }

  void send(http::StreamId stream, const Answer& answer) {
    http::ResponseHead head;
    head.status = answer.status;
    head.headers.add("Content-Type", answer.content_type);
    for (const auto& [name, value] : answer.headers) head.headers.add(name, value);
    if (!head.headers.has("Cache-Control")) head.headers.add("Cache-Control", "no-store");
    stream_ = stream;
    if (answer.feed && request_.method != "HEAD") return start_feed(head, *answer.feed);
    const bool none = answer.body.empty() || request_.method == "HEAD";
    codec_.send_response(stream, head, {.none = none, .bytes = answer.body.size()});
    text_ = none ? std::string() : answer.body;
    body_ = text_;
    ended_ = false;
    send_rest();
    pump_.flush_soon();
  }
  /// What the codec takes, and the end once it has all.
  void send_rest() {
    body_.remove_prefix(std::min(body_.size(), codec_.send_body(stream_, body_)));
    if (!body_.empty() || feed_ || ended_) return;
    ended_ = true;
    codec_.send_end(stream_, {});
  }
  void start_feed(const http::ResponseHead& head, const Feed& feed) {
    feed_ = feed;
    codec_.send_response(stream_, head, {});
    send_more();
  }
  void send_more() {
    if (closed_) return;
    if (body_.empty() && pump_.flushed()) {
      const auto text = feed_->next();
      if (!text) return close();
      text_ = *text;
      body_ = text_;
      send_rest();
      patience_.start(kPatience + feed_->every);
    }
    beat_.start(feed_->every);
    pump_.flush_soon();
  }

  void settle() {
    if (closed_) return;
    if (!pump_.flushed() || !body_.empty()) {
      pump_.flush_soon();
    } else if (codec_.finished() && !feed_) {
      close();
    } else {
      pump_.offer();
    }
  }
  void close() {
    if (closed_) return;
    closed_ = true;
    pump_.close(false);
    server_.forget(*this);
  }

  HttpServer& server_;
  http::Http1Codec codec_;
  net::StreamPump pump_;
  net::TurnEndTask next_;
  net::Timer patience_;
  net::Timer beat_;
  Request request_;
  bool too_large_ = false;
  std::optional<Feed> feed_;
  http::StreamId stream_ = 0;
  std::string text_;
  std::string_view body_;  // what is left of text_
  bool ended_ = true;
  bool closed_ = false;
};

HttpServer::HttpServer(net::EventLoop& loop, net::FileDescriptor listening, Handler handler)
    : loop_(loop),
      handler_(std::move(handler)),
      listener_(loop, std::move(listening), [this](net::FileDescriptor fd, std::optional<IpAddress> peer) {
        if (connections_.size() < kMaxConnections) {
          connections_.push_back(std::make_unique<Connection>(*this, std::move(fd), peer));
        }
      }) {}

HttpServer::~HttpServer() = default;

bool HttpServer::has_room_for_feed() const {
  const auto running = std::ranges::count_if(connections_, [](const auto& one) { return one->feeds(); });
  return static_cast<std::size_t>(running) < kMaxFeeds;
}

void HttpServer::forget(Connection& connection) {
  const auto found =
      std::ranges::find_if(connections_, [&](const auto& one) { return one.get() == &connection; });
  if (found == connections_.end()) return;
  loop_.delete_later(std::move(*found));
  connections_.erase(found);
}

}  // namespace portvakt::http_server
