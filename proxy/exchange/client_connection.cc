#include "proxy/exchange/client_connection.h"

#include "proxy/exchange/local_reply.h"

namespace portvakt::exchange {
namespace {

// Who takes nothing for so long is slow, should memory run out.
constexpr std::chrono::milliseconds kSlowPeer{500};

}  // namespace

ClientConnection::ClientConnection(WorkerContext& worker, std::unique_ptr<net::Transport> transport,
                                   std::optional<IpAddress> peer, bool tls,
                                   std::function<void(ClientConnection&)> on_closed,
                                   std::unique_ptr<ConnectionPlace> place, Protocols protocols)
    : worker_(worker),
      peer_(std::move(peer)),
      tls_(tls),
      on_closed_(std::move(on_closed)),
      codec_(http::Http1Codec::Role::Server, *this, worker.snapshot->limits.message, tls ? "https" : "http"),
      pump_(worker.loop, std::move(transport), codec_.output(), *this),
      place_(std::move(place)),
      memory_(*worker.memory, *this),
      own_memory_(memory_),
      undecided_(protocols == Protocols::Http1AndHttp2),
      next_(worker.loop, [this] { begin_next(); }),
      timer_(worker.loop, [this] { on_wait_over(); }) {
  if (worker_.draining) drain();
  update_wait(true);
}

ClientConnection::~ClientConnection() = default;

void ClientConnection::drain() {
  draining_ = true;
  if (http2_) {
    http2_->drain();
    return;
  }
  codec_.start_shutdown();
  settle();
  update_wait(true);
}

void ClientConnection::abandon() {
  close(true);
}

Exchange* ClientConnection::find(http::StreamId stream) {
  const auto found = exchanges_.find(stream);
  return found == exchanges_.end() ? nullptr : found->second.get();
}

Exchange& ClientConnection::add_exchange(http::StreamId stream) {
  first_request_ = false;
  count_request();
  ExchangeOwner& owner = *this;
  auto& place = exchanges_[stream];
  place = std::make_unique<Exchange>(worker_, owner, stream, tls_);
  return *place;
}

/// The last request that the connection may carry is answered with Connection: close.
void ClientConnection::count_request() {
  if (++requests_ != worker_.snapshot->limits.max_requests_per_connection) return;
  worker_.limit_hits->hit(Limit::RequestsPerConnection);
  codec_.start_shutdown();
}

void ClientConnection::on_request(http::StreamId stream, http::RequestHead&& head, http::BodyLength length) {
  add_exchange(stream).begin(std::move(head), length, peer_);
}

void ClientConnection::on_body(http::StreamId stream, std::string_view bytes) {
  if (Exchange* exchange = find(stream)) exchange->on_client_body(bytes);
}

void ClientConnection::on_end(http::StreamId stream, http::HeaderMap&& trailers) {
  if (Exchange* exchange = find(stream)) exchange->on_client_end(std::move(trailers));
}

void ClientConnection::on_reset(http::StreamId stream, const Error&) {
  if (Exchange* exchange = find(stream)) exchange->on_client_lost();
}

/// By ALPN with TLS, by the client's preface without (RFC 9113 section 3).
ClientConnection::Choice ClientConnection::choose_protocol(std::string_view bytes) const {
  if (tls_) return pump_.protocol() == "h2" ? Choice::Http2 : Choice::Http1;
  if (!bytes.starts_with(http::kHttp2Preface.substr(0, bytes.size()))) return Choice::Http1;
  return bytes.size() < http::kHttp2Preface.size() ? Choice::MoreBytes : Choice::Http2;
}

void ClientConnection::begin_http2() {
  timer_.cancel();
  http2_ = std::make_unique<Http2Connection>(worker_, pump_, peer_, tls_, memory_,
                                             [this](bool cut_short) { close(cut_short); });
  pump_.use_output(http2_->output());
}

std::size_t ClientConnection::on_bytes(std::string_view bytes) {
  if (undecided_) {
    const Choice choice = choose_protocol(bytes);
    if (choice == Choice::MoreBytes) return 0;
    undecided_ = false;
    if (choice == Choice::Http2) begin_http2();
  }
  if (http2_) return http2_->on_bytes(bytes);
  if (lingering_) return bytes.size();
  const auto used = codec_.receive(bytes);
  if (!used) {
    refuse(used.error());
    settle();
    return bytes.size();
  }
  // What is left is a next request: it waits unread until this one is answered.
  if (*used < bytes.size() && codec_.received_whole()) pump_.pause(net::StreamPump::MessageDone);
  settle();
  // Who does not take the answer gains no time by sending.
  update_wait(wait_ != Wait::Write);
  return *used;
}

/// Answers a message that cannot be read; what follows it on this connection is not looked at.
void ClientConnection::refuse(const Error& error) {
  worker_.limit_hits->refused(error.kind);
  const auto stream = codec_.refused_stream();
  if (stream == 0) {
    // An answer under way must be seen to be cut short; one that is complete stays.
    if (!exchanges_.empty()) close(true);
    return;
  }
  Error client_error = error;
  client_error.side = ErrorSide::Client;
  const int status = status_of(client_error);
  if (Exchange* exchange = find(stream)) {
    exchange->fail_client(status);
  } else {
    add_exchange(stream).refuse(status);
  }
}

void ClientConnection::on_peer_end() {
  if (http2_) {
    http2_->on_peer_end();
    return;
  }
  // The rest of a request that was answered is not missed.
  const bool answered = exchanges_.empty() && codec_.finished();
  if (!answered && !codec_.receive_end() && !exchanges_.empty()) {
    close(true);
  } else {
    settle();
  }
}

void ClientConnection::on_broken() {
  close(false);
}

void ClientConnection::before_write() {
  if (http2_) http2_->before_write();
}

void ClientConnection::on_written() {
  if (http2_) {
    http2_->on_written();
    own_memory_.set(pump_.held());
    return;
  }
  for (auto next = exchanges_.begin(); next != exchanges_.end();) {
    Exchange& exchange = *next->second;
    ++next;  // the exchange may end, and leave the map, inside the call
    exchange.on_client_written();
  }
  settle();
  update_wait(true);
}

void ClientConnection::flush_soon() {
  if (codec_.sending_over()) {
    pump_.shutdown_when_flushed();
  } else {
    pump_.flush_soon();
  }
  update_wait(false);  // from here on the client has its time, also if not a single byte can be written
}

void ClientConnection::tunnel_opened(http::StreamId) {
  next_.schedule();  // as for a next request: what was sent behind the head is offered again
}

void ClientConnection::resume_reading(http::StreamId) {
  pump_.resume(net::StreamPump::BackPressure);
  update_wait(false);
}

void ClientConnection::exchange_done(http::StreamId stream) {
  const auto found = exchanges_.find(stream);
  if (found == exchanges_.end()) return;
  worker_.loop.delete_later(std::move(found->second));
  exchanges_.erase(found);
  next_.schedule();
}

/// From a fresh turn, so that no callback of the exchange before is still under way.
void ClientConnection::begin_next() {
  if (closed_) return;
  pump_.resume(net::StreamPump::MessageDone);
  if (!codec_.finished()) pump_.offer();
  if (codec_.tunnel() && pump_.peer_ended()) on_peer_end();  // it ended before there was a tunnel to end
  settle();
  update_wait(true);
}

/// Closes the connection once the codec says that it is of no further use and the output is written.
void ClientConnection::settle() {
  if (closed_ || !codec_.finished() || !exchanges_.empty()) return;
  if (codec_.spent() || pump_.peer_ended()) {
    if (pump_.flushed()) close(codec_.spent());
    return;
  }
  if (lingering_) return;
  // A close while the client still sends would reset the connection and could destroy the answer on its way.
  lingering_ = true;
  pump_.shutdown_when_flushed();
}

void ClientConnection::close(bool cut_short) {
  if (closed_) return;
  closed_ = true;
  timer_.cancel();
  if (place_) place_->leave();
  if (http2_) http2_->abandon();
  while (!exchanges_.empty()) exchanges_.begin()->second->on_client_lost();
  pump_.close(cut_short);
  memory_.close();
  on_closed_(*this);
}

ClientConnection::Wait ClientConnection::current_wait() {
  if (lingering_ && pump_.flushed()) return Wait::Linger;
  if (!pump_.flushed()) return Wait::Write;
  if (codec_.head_begun()) return Wait::Head;
  if (exchanges_.empty()) {
    // Its next request may be on the way: whoever could not know gets a moment to send it.
    if (draining_) return Wait::Linger;
    return first_request_ ? Wait::Head : Wait::Idle;
  }
  return Wait::Nothing;  // bodies are watched by their exchanges
}

/// Sets the timer for what the connection waits for now. A head has one limit from its first byte on;
/// everything else may go on as long as it progresses.
void ClientConnection::update_wait(bool progress) {
  if (closed_) return;
  own_memory_.set(pump_.held());
  const Wait wait = current_wait();
  if (wait == wait_ && (!progress || wait == Wait::Head || wait == Wait::Linger)) return;
  const bool began = wait != wait_;
  wait_ = wait;
  if (began && place_) update_place();
  const auto& limits = worker_.snapshot->limits;
  switch (wait) {
    case Wait::Nothing:
      timer_.cancel();
      break;
    case Wait::Head:
      timer_.start(limits.header_timeout);
      break;
    case Wait::Linger:
      timer_.start(limits.linger);
      break;
    case Wait::Idle:
      timer_.start(limits.idle_timeout);
      break;
    case Wait::Write:
      if (began) download_.start(limits.download_pace(), worker_.loop.now());
      wait_for_reader();
      break;
  }
}

void ClientConnection::update_place() {
  if (wait_ == Wait::Idle) {
    place_->idle(*this);
  } else {
    place_->busy();
  }
}

bool ClientConnection::holds_for_a_slow_peer() const {
  if (http2_) return !pump_.flushed();
  return wait_ == Wait::Write && download_.still_for(worker_.loop.now()) >= kSlowPeer;
}

void ClientConnection::wait_for_reader() {
  const auto now = worker_.loop.now();
  const auto moved = pump_.bytes_written() - written_;
  written_ += moved;
  if (moved > 0) download_.moved(moved, now);
  timer_.start(std::chrono::ceil<std::chrono::milliseconds>(download_.due() - now));
}

Limit ClientConnection::limit_passed() const {
  if (wait_ == Wait::Head) return Limit::HeadTime;
  if (wait_ == Wait::Write) return download_.rate_is_cause() ? Limit::DownloadRate : Limit::WriteTime;
  return Limit::IdleTime;
}

void ClientConnection::on_wait_over() {
  if (wait_ != Wait::Linger) worker_.limit_hits->hit(limit_passed());
  if (wait_ == Wait::Head && codec_.head_begun()) {
    codec_.start_shutdown();
    pump_.pause(net::StreamPump::MessageDone);
    codec_.give_up_receiving();
    refuse({ErrorKind::TimedOut, ErrorSide::Client, "the request head took too long"});
    settle();
    update_wait(true);
  } else {
    close(wait_ == Wait::Write);
  }
}

}  // namespace portvakt::exchange
