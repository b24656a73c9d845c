#include "proxy/exchange/forwarder.h"

#include <algorithm>
#include <array>

#include "proxy/exchange/limits.h"

namespace portvakt::exchange {
namespace {

/// Methods that do the same however often they arrive (RFC 9110 section 9.2.2).
bool is_idempotent(std::string_view method) {
  static constexpr std::array<std::string_view, 6> kMethods = {"GET", "HEAD",   "OPTIONS",
                                                               "PUT", "DELETE", "TRACE"};
  return std::ranges::find(kMethods, method) != kMethods.end();
}

using upstream::Balancing;

/// What a consistent choice goes by; empty where that is not known.
std::optional<std::uint64_t> choice_key(const Balancing& balancing, const http::RequestHead& head,
                                        const visitor::TruncatedIp& client) {
  if (balancing.rule != Balancing::Rule::ConsistentHash) return std::nullopt;
  switch (balancing.key) {
    case Balancing::Key::ClientNetwork:
      if (!client.known()) return std::nullopt;
      return upstream::Balancer::hash(client.text());
    case Balancing::Key::Path:
      return upstream::Balancer::hash(std::string_view(head.target).substr(0, head.target.find('?')));
    case Balancing::Key::Header:
      break;
  }
  const auto value = head.headers.find(balancing.key_header);
  if (!value) return std::nullopt;
  return upstream::Balancer::hash(*value);
}

}  // namespace

void Forwarder::start(const Site& site, const http::RequestHead& head, http::BodyLength length,
                      const visitor::TruncatedIp& client) {
  site_ = &site;
  head_ = &head;
  length_ = length;
  tunnel_asked_ = !head.protocol.empty();
  key_ = choice_key(site.balancing, head, client);
  group_ = &worker_.groups.try_emplace(site.name, worker_.loop).first->second;
  group_->retries.set_percent(site.balancing.retry_percent);
  group_->retries.on_request();
  const bool repeatable = (length.none || tunnel_asked_) && is_idempotent(head.method);
  connect(repeatable ? upstream::Reuse::Allowed : upstream::Reuse::Asked);
}

/// A place at a server now, or in a while, or a failure.
void Forwarder::connect(upstream::Reuse reuse) {
  if (try_connect(reuse)) return;
  waiting_ = group_->waiting.enter(*this, site_->balancing.queue, site_->balancing.queue_timeout);
  if (waiting_) return;
  give_up({ErrorKind::Internal, ErrorSide::Upstream, "every upstream is at its limit, and so is the queue"});
}

bool Forwarder::on_place() {
  if (!try_connect(upstream::Reuse::Asked)) return false;
  if (connection_) events_.on_forward_written();  // what waited for the place goes on
  return true;
}

void Forwarder::on_wait_over() {
  waiting_ = false;
  give_up({ErrorKind::Internal, ErrorSide::Upstream, "every upstream is at its limit"});
}

/// False: every server that could be asked is at its limit.
bool Forwarder::try_connect(upstream::Reuse reuse) {
  auto chosen =
      group_->balancer.choose(site_->upstreams, site_->balancing, {worker_.loop.now(), key_, tried_});
  if (!chosen) return false;
  waiting_ = false;
  use(std::move(*chosen), reuse);
  return true;
}

void Forwarder::use(upstream::Chosen&& chosen, upstream::Reuse reuse) {
  server_ = site_->upstreams[chosen.index].get();
  place_ = std::move(chosen.place);
  server_->status->counters.requests.add();
  if (++attempts_ > 1) server_->status->counters.retries.add();
  if (chosen.none_up && site_->upstreams.size() > 1) {
    worker_.pool.faults().report(site_->name, "(any)", "no server is up; one was tried all the same",
                                 worker_.loop.now());
  }
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
  if (!active() || length_.none) return;
  request_.write(bytes);
  if (connection_) connection_->flush_soon();
}

void Forwarder::send_end(http::HeaderMap&& trailers) {
  if (!active() || length_.none) return;
  request_.end(std::move(trailers));
  if (connection_) connection_->flush_soon();
}

void Forwarder::release() {
  if (group_ == nullptr) return;
  if (waiting_) group_->waiting.leave(*this);
  waiting_ = false;
  let_go();
  group_ = nullptr;
}

/// Gives back the connection and the place at its server.
void Forwarder::let_go() {
  if (connection_) worker_.pool.give_back(std::move(connection_));
  place_ = upstream::Place();
  group_->waiting.place_freed();
}

/// Again, if nothing of an answer came, the body was kept, and the request arrived nowhere or may arrive
/// twice: where a kept connection was closed under us; else on another server or address, and only as far as
/// the site's retries reach, so that an overload does not grow by them.
bool Forwarder::may_retry(const Error& error) const {
  const bool body_left = request_.connected() && (request_.passed() > 0 || request_.finished());
  if (attempts_ > site_->balancing.retries || body_left) return false;
  if (kept_connection_closed()) return is_idempotent(head_->method);
  const bool elsewhere = site_->upstreams.size() > 1 || server_->endpoints.size() > 1;
  const bool unanswered = error.kind == ErrorKind::Closed && connection_ && !connection_->answered() &&
                          is_idempotent(head_->method);
  if (!elsewhere || (error.kind != ErrorKind::Refused && !unanswered)) return false;
  return group_->retries.spend(worker_.loop.now());
}

bool Forwarder::kept_connection_closed() const {
  return connection_ && connection_->reused() && !connection_->answered();
}

void Forwarder::report(const Error& error) {
  const auto server = server_ == nullptr ? std::string_view("(any)") : std::string_view(server_->name);
  worker_.pool.faults().report(site_->name, server, error.detail, worker_.loop.now());
}

void Forwarder::give_up(const Error& error) {
  note_failure(error);
  release();
  events_.on_forward_failure(error);
}

void Forwarder::note_failure(const Error& error) {
  report(error);
  if (server_ == nullptr || error.kind == ErrorKind::Internal) return;
  server_->status->counters.failures.add();
  server_->status->failed(worker_.loop.now());
}

void Forwarder::on_upstream_failure(const Error& error) {
  if (error.kind == ErrorKind::TimedOut) worker_.limit_hits->hit(Limit::ConnectTime);
  if (!may_retry(error)) {
    give_up(error);
    return;
  }
  // A kept connection that has gone meanwhile is nobody's fault.
  if (!kept_connection_closed()) {
    note_failure(error);
    tried_.push_back(server_);
  }
  let_go();
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
  if (final_answer) server_->status->succeeded(worker_.loop.now());
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
