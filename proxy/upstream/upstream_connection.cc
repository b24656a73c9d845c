#include "proxy/upstream/upstream_connection.h"

#include "proxy/net/tcp_transport.h"
#include "proxy/net/tls_transport.h"

namespace portvakt::upstream {

Result<std::unique_ptr<UpstreamConnection>> UpstreamConnection::open(
    net::EventLoop& loop, const UpstreamServer& server, const net::Endpoint& endpoint,
    const http::MessageLimits& limits, std::chrono::milliseconds connect_timeout) {
  auto fd = net::connect_to(endpoint);
  if (!fd) return failure(ErrorKind::Refused, fd.error().detail, ErrorSide::Upstream);
  std::unique_ptr<net::Transport> transport;
  if (server.tls) {
    transport = std::make_unique<net::TlsTransport>(loop, std::move(*fd), server.tls, server.host);
  } else {
    transport = std::make_unique<net::TcpTransport>(loop, std::move(*fd));
  }
  return std::unique_ptr<UpstreamConnection>(
      new UpstreamConnection(loop, server, std::move(transport), limits, connect_timeout));
}

UpstreamConnection::UpstreamConnection(net::EventLoop& loop, const UpstreamServer& server,
                                       std::unique_ptr<net::Transport> transport,
                                       const http::MessageLimits& limits,
                                       std::chrono::milliseconds connect_timeout)
    : loop_(loop),
      server_(server.name),
      tls_(server.tls),
      codec_(http::Http1Codec::Role::Client, *this, limits, "http"),
      pump_(loop, std::move(transport), codec_.output(), *this),
      connect_timer_(
          loop, [this] { fail({ErrorKind::TimedOut, ErrorSide::Upstream, "connecting took too long"}); }) {
  connect_timer_.start(connect_timeout);
}

bool UpstreamConnection::reusable() const {
  return !pump_.closed() && !pump_.peer_ended() && !pump_.has_unused_input() && pump_.flushed() &&
         codec_.idle() && !codec_.finished();
}

void UpstreamConnection::on_response(http::StreamId, http::ResponseHead&& head, http::BodyLength length) {
  if (events_ != nullptr) events_->on_upstream_response(std::move(head), length);
}

void UpstreamConnection::on_body(http::StreamId, std::string_view bytes) {
  if (events_ != nullptr) events_->on_upstream_body(bytes);
}

void UpstreamConnection::on_end(http::StreamId, http::HeaderMap&& trailers) {
  if (events_ != nullptr) events_->on_upstream_end(std::move(trailers));
}

void UpstreamConnection::on_reset(http::StreamId, const Error& error) {
  fail(error);
}

std::size_t UpstreamConnection::on_bytes(std::string_view bytes) {
  answered_ = true;
  auto used = codec_.receive(bytes);
  if (used) return *used;
  auto error = used.error();
  error.side = ErrorSide::Upstream;
  fail(std::move(error));
  return bytes.size();
}

void UpstreamConnection::on_peer_end() {
  const auto ended = codec_.receive_end();
  if (ended && events_ == nullptr) {
    pump_.close(false);
  } else if (!ended) {
    fail(ended.error());
  }
}

void UpstreamConnection::on_broken() {
  if (!connected_) {
    const auto fault = pump_.fault();
    fail({ErrorKind::Refused, ErrorSide::Upstream,
          "the upstream cannot be reached" + (fault.empty() ? "" : ": " + fault)});
  } else {
    fail({ErrorKind::Closed, ErrorSide::Upstream, "the upstream broke the connection"});
  }
}

void UpstreamConnection::on_written() {
  connected_ = true;
  connect_timer_.cancel();
  if (events_ != nullptr) events_->on_upstream_written();
}

void UpstreamConnection::fail(Error error) {
  pump_.close(false);
  connect_timer_.cancel();
  if (events_ == nullptr) return;
  UpstreamEvents* const events = events_;
  events_ = nullptr;
  events->on_upstream_failure(error);
}

}  // namespace portvakt::upstream
