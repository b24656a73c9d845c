#include "proxy/exchange/exchange.h"

#include "proxy/base/ascii.h"
#include "proxy/exchange/local_reply.h"
#include "proxy/http/forwarding.h"

namespace portvakt::exchange {

using filters::Step;

Exchange::Exchange(WorkerContext& worker, ExchangeOwner& owner, http::StreamId stream, bool tls)
    : worker_(worker),
      owner_(owner),
      stream_(stream),
      tls_(tls),
      snapshot_(worker.snapshot),
      site_(&snapshot_->default_site()),
      began_(worker.loop.now()),
      began_wall_(worker.clock.wall()),
      forwarder_(worker, *this),
      response_body_(worker.loop, *this),
      response_timer_(worker.loop, [this] {
        worker_.limit_hits->hit(Limit::ResponseTime);
        forwarder_.give_up(
            {ErrorKind::TimedOut, ErrorSide::Upstream, "the upstream took too long to answer"});
      }) {}

Exchange::~Exchange() = default;

void Exchange::begin(http::RequestHead&& head, http::BodyLength length,
                     const std::optional<IpAddress>& peer) {
  request_ = std::move(head);
  request_length_ = length;
  client_ = peer;
  const Site* found = snapshot_->router.find(request_.authority);
  if (found == nullptr) {
    send_error(421);
    return;
  }
  site_ = found;
  const auto max_body = snapshot_->limits.max_body;
  if (max_body > 0 && length.bytes.value_or(0) > max_body) {
    worker_.limit_hits->hit(Limit::BodySize);
    send_error(413);
    return;
  }
  if (!length.none) watch_upload();
  run_request_filters();
}

void Exchange::watch_upload() {
  upload_watch_ =
      std::make_unique<UploadWatch>(worker_.loop, snapshot_->limits.upload_pace(), [this](Limit limit) {
        worker_.limit_hits->hit(limit);
        fail_client(408);
      });
}

void Exchange::refuse(int status) {
  send_error(status);
}

void Exchange::run_request_filters() {
  filters::RequestContext context{request_, notes_, worker_.clock, client_, tls_, std::move(collected_), {}};
  for (; next_filter_ < site_->filters.size(); ++next_filter_) {
    const Step step = site_->filters[next_filter_]->on_request(context);
    if (step == Step::Replied) {
      client_.reset();
      send_reply(std::move(context.reply));
      return;
    }
    if (step == Step::CollectBody) {
      collecting_ = true;
      collected_.emplace();
      if (!accept_expectation()) return;
      if (request_length_.none) on_client_end({});
      return;
    }
  }
  client_.reset();  // no filter is left that may see the full address
  collected_ = std::move(context.body);
  continue_request();
}

void Exchange::continue_request() {
  if (!accept_expectation()) return;
  http::strip_hop_by_hop(request_.headers);
  forwarder_.start(*site_, request_, request_length_);
  expect_upstream();
  if (done_ || !collected_) return;
  forwarder_.send_body(*collected_);
  forwarder_.send_end({});
}

/// Answers `Expect` by itself (RFC 9110 section 10.1.1): what follows is wanted, since the filters have let
/// it in.
bool Exchange::accept_expectation() {
  const auto expect = request_.headers.find("Expect");
  if (!expect) return true;
  if (!ascii::iequals(*expect, "100-continue")) {
    send_error(417);
    return false;
  }
  request_.headers.remove("Expect");
  if (request_length_.none || request_.version == http::Version::Http10) return true;
  http::ResponseHead go_on;
  go_on.status = 100;
  owner_.codec().send_response(stream_, go_on, {});
  owner_.flush_soon();
  return true;
}

void Exchange::on_client_body(std::string_view bytes) {
  if (done_) return;
  request_bytes_ += bytes.size();
  if (upload_watch_) upload_watch_->moved(bytes.size());
  const auto max_body = snapshot_->limits.max_body;
  if (max_body > 0 && request_bytes_ > max_body) {
    worker_.limit_hits->hit(Limit::BodySize);
    fail_client(413);
  } else if (!collecting_) {
    pass_on(bytes);
  } else if (collected_->size() + bytes.size() > filters::kMaxCollectedBody) {
    fail_client(413);
  } else {
    collected_->append(bytes);
  }
}

/// On to the upstream; what comes after its answer is of no use to anybody.
void Exchange::pass_on(std::string_view bytes) {
  if (!forwarder_.active()) return;
  forwarder_.send_body(bytes);
  expect_upstream();
  if (!forwarder_.full()) return;
  upload_paused_ = true;
  if (upload_watch_) upload_watch_->stop();
  owner_.pause_reading(stream_);
}

void Exchange::resume_upload() {
  if (!upload_paused_) return;
  upload_paused_ = false;
  if (upload_watch_ && !request_ended_) upload_watch_->start();
  owner_.resume_reading(stream_);
}

/// From now on the upstream has its time for the next sign of life, unless it is made to wait for the client.
void Exchange::expect_upstream() {
  if (forwarder_.active() && !response_body_.full())
    response_timer_.start(snapshot_->limits.response_timeout);
}

void Exchange::leave_upstream() {
  response_timer_.cancel();
  forwarder_.release();
  resume_upload();
}

void Exchange::on_client_end(http::HeaderMap&& trailers) {
  request_ended_ = true;
  upload_watch_.reset();
  if (done_) return;
  if (collecting_) {
    collecting_ = false;
    request_length_ = {.none = collected_->empty(), .bytes = collected_->size()};
    run_request_filters();
  } else {
    forwarder_.send_end(std::move(trailers));
  }
}

void Exchange::on_client_lost() {
  if (!done_) finish(status_sent_ != 0 ? status_sent_ : 499);
}

void Exchange::on_client_written() {
  if (done_) return;
  response_body_.drain();
  owner_.flush_soon();
}

void Exchange::fail_client(int status) {
  if (done_) return;
  leave_upstream();
  if (status_sent_ == 0) {
    send_error(status);
  } else {
    owner_.codec().reset(stream_, {ErrorKind::Closed, ErrorSide::Client, "the request was not whole"});
    finish(status_sent_);
  }
}

void Exchange::on_forward_response(http::ResponseHead&& head, http::BodyLength length) {
  expect_upstream();
  // Early hints would start loading what the filters have not judged; 100 was answered by ourselves.
  if (head.informational()) return;
  http::strip_hop_by_hop(head.headers);
  if (!run_response_filters(head, length)) send_error(502);
}

/// Filters in the opposite order of the request's; then the head goes out. False: an enforcing filter failed.
bool Exchange::run_response_filters(http::ResponseHead& head, http::BodyLength length) {
  filters::ResponseContext context{request_, head, length, notes_, worker_.clock, tls_, {}};
  for (auto filter = site_->filters.rbegin(); filter != site_->filters.rend(); ++filter) {
    const auto passed = (*filter)->on_response(context);
    if (passed) continue;
    forwarder_.report(passed.error());
    return false;
  }
  for (const auto& cookie : notes_.set_cookies) head.headers.add("Set-Cookie", cookie);
  status_sent_ = head.status;
  if (upload_watch_) upload_watch_->ease();
  owner_.codec().send_response(stream_, head, context.length);
  // A filter may have taken the body away altogether.
  body_dropped_ = context.length.none && !length.none;
  if (context.length.none) context.transforms.clear();
  response_body_.connect(owner_.codec(), stream_, std::move(context.transforms));
  owner_.flush_soon();
  return true;
}

void Exchange::on_forward_body(std::string_view bytes) {
  if (done_) return;
  if (status_sent_ != 0 && !body_dropped_) {
    response_body_.take(bytes);
    owner_.flush_soon();
  }
  expect_upstream();
}

void Exchange::on_forward_end(http::HeaderMap&& trailers) {
  if (done_) return;
  leave_upstream();
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
  expect_upstream();
  if (forwarder_.drained()) resume_upload();
}

void Exchange::on_body_sent() {
  finish(status_sent_);
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

void Exchange::send_error(int status) {
  send_reply(error_reply(status, worker_.clock.wall()));
}

void Exchange::send_reply(filters::Reply&& reply) {
  leave_upstream();
  status_sent_ = reply.head.status;
  const bool bodiless = reply.head.status == 204 || reply.head.status == 304;
  http::BodyLength length{.none = bodiless || reply.body.empty() || request_.method == "HEAD", .bytes = {}};
  if (!bodiless) length.bytes = reply.body.size();
  owner_.codec().send_response(stream_, reply.head, length);
  response_body_.connect(owner_.codec(), stream_, {});
  if (!length.none) response_body_.take(reply.body);
  response_body_.take_end({});
  owner_.flush_soon();
}

/// The one exit: whatever happened, the exchange ends here, once, and leaves one record. It comes before the
/// last bytes are written to the socket, so that an answer which a client has whole is an answer that was
/// recorded.
void Exchange::finish(int status) {
  if (done_) return;
  done_ = true;
  leave_upstream();
  if (upload_watch_) upload_watch_->stop();
  client_.reset();
  response_body_.cut();
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(worker_.loop.now() - began_);
  record_exchange(*site_, request_.method, notes_, {status, response_body_.bytes(), took, began_wall_},
                  worker_.spool);
  owner_.exchange_done(stream_);
}

}  // namespace portvakt::exchange
