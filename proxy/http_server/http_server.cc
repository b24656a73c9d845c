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
  Connection(HttpServer& server, net::FileDescriptor fd)
      : server_(server),
        codec_(http::Http1Codec::Role::Server, *this, {}, "http"),
        pump_(server.loop_, std::make_unique<net::TcpTransport>(server.loop_, std::move(fd)), codec_.output(),
              *this),
        next_(server.loop_, [this] { settle(); }),
        patience_(server.loop_, [this] { close(); }) {
    patience_.start(kPatience);
  }

 private:
  void on_request(http::StreamId, http::RequestHead&& head, http::BodyLength) override {
    head_ = std::move(head);
  }
  void on_body(http::StreamId, std::string_view) override {}
  void on_end(http::StreamId stream, http::HeaderMap&&) override { send(stream, server_.handler_(head_)); }
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
    (void)codec_.receive_end();
    next_.schedule();
  }
  void on_broken() override { close(); }
  void on_written() override {
    body_.remove_prefix(std::min(body_.size(), codec_.send_body(stream_, body_)));
    if (body_.empty()) codec_.send_end(stream_, {});
    next_.schedule();
  }

  void send(http::StreamId stream, const Answer& answer) {
    http::ResponseHead head;
    head.status = answer.status;
    head.headers.add("Content-Type", answer.content_type);
    head.headers.add("Cache-Control", "no-store");
    for (const auto& [name, value] : answer.headers) head.headers.add(name, value);
    const bool none = answer.body.empty() || head_.method == "HEAD";
    codec_.send_response(stream, head, {.none = none, .bytes = answer.body.size()});
    stream_ = stream;
    text_ = none ? std::string() : answer.body;
    body_ = text_;
    body_.remove_prefix(codec_.send_body(stream, body_));
    if (body_.empty()) codec_.send_end(stream, {});
    pump_.flush_soon();
  }

  void settle() {
    if (closed_) return;
    if (!pump_.flushed() || !body_.empty()) {
      pump_.flush_soon();
    } else if (codec_.finished()) {
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
  http::RequestHead head_;
  http::StreamId stream_ = 0;
  std::string text_;
  std::string_view body_;  // what is left of text_
  bool closed_ = false;
};

HttpServer::HttpServer(net::EventLoop& loop, net::FileDescriptor listening, Handler handler)
    : loop_(loop),
      handler_(std::move(handler)),
      listener_(loop, std::move(listening), [this](net::FileDescriptor fd, std::optional<IpAddress>) {
        if (connections_.size() < kMaxConnections) {
          connections_.push_back(std::make_unique<Connection>(*this, std::move(fd)));
        }
      }) {}

HttpServer::~HttpServer() = default;

void HttpServer::forget(Connection& connection) {
  const auto found =
      std::ranges::find_if(connections_, [&](const auto& one) { return one.get() == &connection; });
  if (found == connections_.end()) return;
  loop_.delete_later(std::move(*found));
  connections_.erase(found);
}

}  // namespace portvakt::http_server
