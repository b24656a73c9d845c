// The way back of an exchange: the upstream's head through the filters, the body to the client, and tunnels.
#include "proxy/base/ascii.h"
#include "proxy/exchange/exchange.h"
#include "proxy/exchange/local_reply.h"
#include "proxy/http/forwarding.h"

namespace portvakt::exchange {

void Exchange::on_forward_response(http::ResponseHead&& head, http::BodyLength length) {
  if (head.informational()) {
    on_informational(std::move(head));
    expect_upstream();
    return;
  }
  continue_awaited_ = false;
  expect_upstream();
  http::strip_hop_by_hop(head.headers);
  if (!run_response_filters(head, length)) send_error(502);
}

/// Early hints start loading things, so they pass the same judgement as the final answer's `Link` fields, and
/// nothing else of them passes. Other informational answers are for us or for nobody.
void Exchange::on_informational(http::ResponseHead&& head) {
  if (head.status == 100) say_continue();
  if (head.status != 103 || request_.version == http::Version::Http10 || hints_passed_ == kMaxHints) return;
  head.headers.remove_if([](const auto& field) { return !ascii::iequals(field.name, "Link"); });
  filters::ResponseContext context{request_, head, {}, notes_, worker_.clock, tls_, {}};
  for (auto filter = site_->filters.rbegin(); filter != site_->filters.rend(); ++filter) {
    (*filter)->on_hints(context);
  }
  if (head.headers.empty()) return;
  ++hints_passed_;
  owner_.codec().send_response(stream_, head, {});
  owner_.flush_soon();
}

/// Filters in the opposite order of the request's; then the head goes out. False: an enforcing filter failed.
bool Exchange::run_response_filters(http::ResponseHead& head, http::BodyLength length) {
  const bool tunnel = head.status == 101;
  if (tunnel) length = {.none = true, .bytes = {}};  // nothing of it is for filters
  filters::ResponseContext context{request_, head, length, notes_, worker_.clock, tls_, {}};
  for (auto filter = site_->filters.rbegin(); filter != site_->filters.rend(); ++filter) {
    const auto passed = (*filter)->on_response(context);
    if (passed) continue;
    forwarder_.report(passed.error());
    return false;
  }
  for (const auto& cookie : notes_.set_cookies) head.headers.add("Set-Cookie", cookie);
  promise_https(head.headers);
  // A filter that made another answer of it, or an upstream's odd one, opens nothing.
  if (tunnel != (head.status == 101) || (tunnel && !asks_tunnel())) return false;
  status_sent_ = head.status;
  if (upload_watch_) upload_watch_->ease();
  owner_.codec().send_response(stream_, head, tunnel ? http::BodyLength{} : context.length);
  if (tunnel) {
    owner_.tunnel_opened(stream_);
    expect_upstream();
  } else if (asks_tunnel()) {
    request_ended_ = true;
  }
  // A filter may have taken the body away altogether.
  body_dropped_ = context.length.none && !length.none;
  if (context.length.none) context.transforms.clear();
  response_body_.connect(owner_.codec(), stream_, std::move(context.transforms));
  account();
  owner_.flush_soon();
  return true;
}

void Exchange::on_forward_body(std::string_view bytes) {
  if (done_) return;
  if (status_sent_ != 0 && !body_dropped_) {
    response_body_.take(bytes);
    account();
    owner_.flush_soon();
  }
  expect_upstream();
}

void Exchange::on_forward_end(http::HeaderMap&& trailers) {
  if (done_) return;
  if (!tunnel_open()) leave_upstream();
  if (status_sent_ == 0) return;
  response_body_.take_end(std::move(trailers));
  owner_.flush_soon();
}

void Exchange::on_forward_failure(const Error& error) {
  if (done_) return;
  leave_upstream();
  if (status_sent_ == 0) {
    Error upstream_error = error;
    upstream_error.side = ErrorSide::Upstream;
    send_error(status_of(upstream_error));
    return;
  }
  on_body_failed(error);
}

void Exchange::on_forward_written() {
  account();
  expect_upstream();
  if (forwarder_.drained()) resume_upload();
  if (tunnel_open()) end_tunnel_if_over();
}

void Exchange::on_upstream_silent() {
  if (inquiry_) return answered({});  // it is the desk that is silent
  if (continue_awaited_) {
    say_continue();
    expect_upstream();
    return;
  }
  worker_.limit_hits->hit(tunnel_open() ? Limit::TunnelTime : Limit::ResponseTime);
  if (tunnel_open()) {
    on_body_failed({ErrorKind::TimedOut, ErrorSide::Self, "nothing moved in a tunnel"});
  } else {
    forwarder_.give_up({ErrorKind::TimedOut, ErrorSide::Upstream, "the upstream took too long to answer"});
  }
}

void Exchange::on_body_sent() {
  answer_ended_ = true;
  if (tunnel_open()) {
    expect_upstream();
    end_tunnel_if_over();
  } else {
    finish(status_sent_);
  }
}

/// A tunnel ends when both sides have ended it and each has got what the other sent.
void Exchange::end_tunnel_if_over() {
  if (answer_ended_ && request_ended_ && forwarder_.all_written()) finish(status_sent_);
}

void Exchange::on_body_failed(const Error& error) {
  if (done_) return;
  owner_.codec().reset(stream_, error);
  owner_.flush_soon();
  finish(status_sent_);
}

void Exchange::on_body_full() {
  response_timer_.cancel();
  forwarder_.pause_response();
}

void Exchange::on_body_drained() {
  forwarder_.resume_response();
  expect_upstream();
}

}  // namespace portvakt::exchange
