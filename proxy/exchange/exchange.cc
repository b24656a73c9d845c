#include "proxy/exchange/exchange.h"

#include <algorithm>
#include <utility>

#include "proxy/base/ascii.h"
#include "proxy/exchange/https_filter.h"
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
      memory_(owner.memory()),
      response_timer_(worker.loop, [this] { on_upstream_silent(); }) {}

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
  if (!owner_.may_carry(request_.authority)) {
    send_error(421);
    return;
  }
  if (overloaded()) {
    owner_.codec().start_shutdown();
    send_error(503);
    return;
  }
  const auto max_body = snapshot_->limits.max_body;
  if (max_body > 0 && length.bytes.value_or(0) > max_body) {
    worker_.limit_hits->hit(Limit::BodySize);
    send_error(413);
    return;
  }
  if (!length.none && !asks_tunnel()) watch_upload();
  run_request_filters();
}

/// New work is refused before old work is harmed.
bool Exchange::overloaded() {
  const bool all = worker_.memory->pressed();
  const bool own = owner_.memory().held() > snapshot_->limits.max_connection_buffer;
  if (all || own) worker_.limit_hits->hit(all ? Limit::Buffered : Limit::ConnectionBuffer);
  return all || own;
}

/// Tells how much it holds now. After everything that lets that grow or shrink.
void Exchange::account() {
  if (done_) return;
  memory_.set(response_body_.held() + forwarder_.held() + (collected_ ? collected_->size() : 0));
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
  context.agents = &worker_.agents;
  context.events = &worker_.events;
  context.crowds = &worker_.crowds;
  context.answer = std::exchange(answer_, std::nullopt);
  for (; next_filter_ < site_->filters.size(); ++next_filter_) {
    const Step step = site_->filters[next_filter_]->on_request(context);
    if (step == Step::Replied) {
      client_.reset();
      send_reply(std::move(context.reply));
      return;
    }
    if (step == Step::Ask) {
      collected_ = std::move(context.body);
      ask(std::move(*context.question));
      return;
    }
    context.answer.reset();
    if (step == Step::CollectBody) {
      collecting_ = true;
      collected_.emplace();
      request_.protocol.clear();  // its body would be the tunnel's bytes
      if (!judge_expectation()) return;
      request_.headers.remove("Expect");
      say_continue();
      if (request_length_.none) on_client_end({});
      return;
    }
  }
  client_.reset();  // no filter is left that may see the full address
  collected_ = std::move(context.body);
  continue_request();
}

/// The question goes to a thread that may wait. Whatever becomes of it, the filter is called again: with the
/// answer, or with none when there is no desk, no room at it, or no answer in time. An exchange that is gone
/// by then is found by nobody.
void Exchange::ask(filters::Question&& question) {
  if (++questions_ > kMaxQuestions) return send_error(500);
  inquiry_ = std::make_shared<Exchange*>(this);
  account();
  response_timer_.start(snapshot_->limits.answer_timeout);
  auto tell = [&loop = worker_.loop, asker = std::weak_ptr(inquiry_)](filters::Answer answer) {
    loop.post([asker, answer = std::make_shared<filters::Answer>(std::move(answer))] {
      if (const auto exchange = asker.lock()) (*exchange)->answered(std::move(*answer));
    });
  };
  if (worker_.desk && worker_.desk->ask(std::move(question), inquiry_, std::move(tell))) return;
  answered({});
}

void Exchange::answered(filters::Answer&& answer) {
  if (done_ || !inquiry_) return;
  inquiry_.reset();
  response_timer_.cancel();
  answer_ = std::move(answer);
  run_request_filters();
}

void Exchange::continue_request() {
  // What a filter asked about, it answers itself: the body may have passed by meanwhile.
  if (questions_ > 0) return send_error(500);
  if (!judge_expectation()) return;
  http::strip_hop_by_hop(request_.headers);
  forwarder_.start(*site_, request_, request_length_, notes_.ip);
  expect_upstream();
  if (done_ || !collected_) return;
  forwarder_.send_body(*collected_);
  forwarder_.send_end({});
}

/// `Expect` (RFC 9110 section 10.1.1): the upstream decides, so that it can refuse an upload before it is
/// sent.
bool Exchange::judge_expectation() {
  const auto expect = request_.headers.find("Expect");
  if (!expect) return true;
  if (!ascii::iequals(*expect, "100-continue")) {
    send_error(417);
    return false;
  }
  if (request_length_.none || asks_tunnel() || request_.version == http::Version::Http10) {
    request_.headers.remove("Expect");
  } else {
    continue_awaited_ = true;
  }
  return true;
}

void Exchange::say_continue() {
  if (!std::exchange(continue_awaited_, false) || status_sent_ != 0) return;
  http::ResponseHead go_on;
  go_on.status = 100;
  owner_.codec().send_response(stream_, go_on, {});
  owner_.flush_soon();
}

void Exchange::on_client_body(std::string_view bytes) {
  if (done_) return;
  request_bytes_ += bytes.size();
  if (upload_watch_) upload_watch_->moved(bytes.size());
  continue_awaited_ = false;  // it did not wait, or has waited
  const auto max_body = snapshot_->limits.max_body;
  if (max_body > 0 && request_bytes_ > max_body && !asks_tunnel()) {
    worker_.limit_hits->hit(Limit::BodySize);
    fail_client(413);
  } else if (!collecting_) {
    pass_on(bytes);
  } else if (collected_->size() + bytes.size() > filters::kMaxCollectedBody) {
    fail_client(413);
  } else {
    collected_->append(bytes);
    account();
  }
}

/// On to the upstream; what comes after its answer is of no use to anybody.
void Exchange::pass_on(std::string_view bytes) {
  if (!forwarder_.active()) return;
  forwarder_.send_body(bytes);
  expect_upstream();
  account();
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
/// In a tunnel both sides may be silent for long, unless one of them has already gone.
void Exchange::expect_upstream() {
  if (!forwarder_.active() || response_body_.full()) return;
  const auto& limits = snapshot_->limits;
  const auto tunnel_wait = request_ended_ || answer_ended_ ? limits.idle_timeout : limits.tunnel_timeout;
  const auto answer_wait = continue_awaited_ ? std::min(limits.continue_timeout, limits.response_timeout)
                                             : limits.response_timeout;
  response_timer_.start(tunnel_open() ? tunnel_wait : answer_wait);
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
    if (tunnel_open()) end_tunnel_if_over();
  }
}

void Exchange::on_client_lost() {
  if (!done_) finish(status_sent_ != 0 ? status_sent_ : 499);
}

void Exchange::on_client_written() {
  if (done_) return;
  response_body_.drain();
  account();
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

void Exchange::send_error(int status) {
  send_reply(error_reply(status, worker_.clock.wall()));
}

/// Only once a filter has run: before that, the host may be nobody's and the request unread.
void Exchange::promise_https(http::HeaderMap& headers) const {
  const bool known = next_filter_ > 0 && came_by_https(request_, tls_);
  if (known) add_hsts(site_->hsts, site_->hsts_replaces, headers);
}

void Exchange::send_reply(filters::Reply&& reply) {
  inquiry_.reset();
  leave_upstream();
  promise_https(reply.head.headers);
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
  inquiry_.reset();
  leave_upstream();
  if (upload_watch_) upload_watch_->stop();
  client_.reset();
  response_body_.cut();
  memory_.set(0);
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(worker_.loop.now() - began_);
  record_exchange(*site_, request_.method, notes_, {status, response_body_.bytes(), took, began_wall_},
                  worker_.spool);
  if (!notes_.sightings.empty()) {
    const auto page = std::string_view(notes_.path).substr(0, notes_.path.find('?'));
    // To the minute: an exact time could be joined with a record's.
    const WallTime minute = std::chrono::floor<std::chrono::minutes>(began_wall_);
    worker_.seen.add(site_->name, notes_.sightings, page, minute);
  }
  owner_.exchange_done(stream_);
}

}  // namespace portvakt::exchange
