#include "proxy/exchange/forwarder.h"

#include <algorithm>
#include <array>

#include "proxy/exchange/limits.h"

namespace portvakt::exchange {
namespace {

constexpr unsigned kMaxAttempts = 3;

/// Methods that do the same however often they arrive (RFC 9110 section 9.2.2).
bool is_idempotent(std::string_view method) {
  static constexpr std::array<std::string_view, 6> kMethods = {"GET", "HEAD",   "OPTIONS",
                                                               "PUT", "DELETE", "TRACE"};
  return std::ranges::find(kMethods, method) != kMethods.end();
}

}  // namespace

void Forwarder::start(const Site& site, const http::RequestHead& head, http::BodyLength length) {
  site_ = &site;
  head_ = &head;
  length_ = length;
  tunnel_asked_ = !head.protocol.empty();
  const bool repeatable = (length.none || tunnel_asked_) && is_idempotent(head.method);
  connect(repeatable ? upstream::Reuse::Allowed : upstream::Reuse::Asked);
}

void Forwarder::connect(upstream::Reuse reuse) {
  ++attempts_;
  auto& balancer = worker_.balancers[site_->name];
  const auto chosen = balancer.choose(site_->upstreams.size(), [this](std::size_t i) {
    return worker_.pool.health().usable(site_->upstreams[i]->name, worker_.loop.now());
  });
  server_ = site_->upstreams[chosen].get();
  auto leased = worker_.pool.lease(*server_, reuse);
  if (!leased) {
    on_upstream_failure(leased.error());
    return;
  }
  connection_ = std::move(*leased);
  connection_->set_events(this);
  stream_ = connection_->codec().send_request(*head_, length_);
  if (length_.none) {
    connection_->codec().send_end(stream_, {});
  } else if (connection_->reused() && !tunnel_asked_) {
    request_.connect(connection_->codec(), stream_);
  }
  connection_->flush_soon();
}

void Forwarder::send_body(std::string_view bytes) {
  if (!connection_ || length_.none) return;
  request_.write(bytes);
  connection_->flush_soon();
}

void Forwarder::send_end(http::HeaderMap&& trailers) {
  if (!connection_ || length_.none) return;
  request_.end(std::move(trailers));
  connection_->flush_soon();
}

void Forwarder::release() {
  if (connection_) worker_.pool.give_back(std::move(connection_));
}

/// Again, if nothing of an answer came and either the request never arrived anywhere, or a kept connection
/// was closed under us and the method may be repeated.
bool Forwarder::may_retry(const Error& error) const {
  const bool body_left = request_.connected() && (request_.passed() > 0 || request_.finished());
  if (attempts_ >= kMaxAttempts || body_left) return false;
  if (error.kind == ErrorKind::Refused) return site_->upstreams.size() > 1 || server_->endpoints.size() > 1;
  return kept_connection_closed() && is_idempotent(head_->method);
}

bool Forwarder::kept_connection_closed() const {
  return connection_ && connection_->reused() && !connection_->answered();
}

void Forwarder::report(const Error& error) {
  if (server_ != nullptr)
    worker_.pool.faults().report(site_->name, server_->name, error.detail, worker_.loop.now());
}

void Forwarder::give_up(const Error& error) {
  if (error.kind == ErrorKind::Refused || error.kind == ErrorKind::TimedOut) {
    worker_.pool.health().failed(server_->name, worker_.loop.now());
  }
  report(error);
  release();
  events_.on_forward_failure(error);
}

void Forwarder::on_upstream_failure(const Error& error) {
  if (error.kind == ErrorKind::TimedOut) worker_.limit_hits->hit(Limit::ConnectTime);
  if (!may_retry(error)) {
    give_up(error);
    return;
  }
  // A kept connection that has gone meanwhile is nobody's fault.
  if (!kept_connection_closed()) {
    worker_.pool.health().failed(server_->name, worker_.loop.now());
    report(error);
  }
  release();
  request_.disconnect();
  connect(upstream::Reuse::Fresh);
}

void Forwarder::on_upstream_response(http::ResponseHead&& head, http::BodyLength length) {
  const int status = head.status;
  const bool final_answer = !head.informational();
  if (!final_answer && ++informational_ > kMaxInformational) {
    give_up({ErrorKind::Malformed, ErrorSide::Upstream, "informational answers without end"});
    return;
  }
  if (final_answer) worker_.pool.health().succeeded(server_->name);
  events_.on_forward_response(std::move(head), length);
  if (tunnel_asked_ && final_answer && connection_) settle_tunnel(status);
}

/// Only now is it known what the bytes are that the client sent behind its head.
void Forwarder::settle_tunnel(int status) {
  tunnel_asked_ = false;
  if (status == 101) {
    request_.connect(connection_->codec(), stream_);
  } else {
    length_ = {.none = true, .bytes = {}};
    connection_->codec().send_end(stream_, {});
  }
  connection_->flush_soon();
}

void Forwarder::on_upstream_body(std::string_view bytes) {
  events_.on_forward_body(bytes);
}
void Forwarder::on_upstream_end(http::HeaderMap&& trailers) {
  events_.on_forward_end(std::move(trailers));
}

void Forwarder::on_upstream_written() {
  if (!length_.none && !tunnel_asked_) {
    if (request_.connected()) {
      request_.drain();
    } else {
      request_.connect(connection_->codec(), stream_);
    }
    connection_->flush_soon();
  }
  events_.on_forward_written();
}

}  // namespace portvakt::exchange
