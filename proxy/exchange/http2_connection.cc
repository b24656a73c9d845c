#include "proxy/exchange/http2_connection.h"

#include "proxy/exchange/local_reply.h"

namespace portvakt::exchange {
namespace {

// Streams that wait for their windows are looked at this many times in the time that they have.
constexpr int kLooks = 4;

http::Http2Limits limits_of(const Snapshot& snapshot) {
  auto limits = snapshot.limits.http2;
  limits.message = snapshot.limits.message;
  return limits;
}

}  // namespace

Http2Connection::Http2Connection(WorkerContext& worker, net::StreamPump& pump,
                                 const std::optional<IpAddress>& peer, bool tls, MemoryAccount& memory,
                                 std::function<void(bool)> on_over)
    : worker_(worker),
      pump_(pump),
      peer_(peer),
      tls_(tls),
      memory_(memory),
      on_over_(std::move(on_over)),
      codec_(http::Http2Codec::Role::Server, *this, limits_of(*worker.snapshot), tls ? "https" : "http",
             worker.http2_counters.get()),
      timer_(worker.loop, [this] { on_wait_over(); }),
      goodbye_(worker.loop, [this] {
        codec_.finish_shutdown();
        pump_.flush_soon();
      }) {
  codec_.tell_time(worker_.loop.now());
  if (worker_.draining) drain();
  update_wait(true);
}

Http2Connection::~Http2Connection() = default;

http::Codec& Http2Connection::codec() {
  codec_.tell_time(worker_.loop.now());
  return codec_;
}

void Http2Connection::drain() {
  codec_.start_shutdown();
  goodbye_.start(worker_.snapshot->limits.linger);
  pump_.flush_soon();
}

void Http2Connection::abandon() {
  over_ = true;
  timer_.cancel();
  goodbye_.cancel();
  while (!exchanges_.empty()) {
    const auto first = exchanges_.begin();
    const auto stream = first->first;
    first->second.exchange->on_client_lost();
    exchange_done(stream);
  }
}

Http2Connection::Entry* Http2Connection::find(http::StreamId stream) {
  const auto found = exchanges_.find(stream);
  return found == exchanges_.end() ? nullptr : &found->second;
}

Exchange& Http2Connection::add_exchange(http::StreamId stream) {
  ExchangeOwner& owner = *this;
  auto& place = exchanges_[stream];
  place.exchange = std::make_unique<Exchange>(worker_, owner, stream, tls_);
  return *place.exchange;
}

void Http2Connection::on_request(http::StreamId stream, http::RequestHead&& head, http::BodyLength length) {
  if (++requests_ == worker_.snapshot->limits.max_requests_per_connection) {
    worker_.limit_hits->hit(Limit::RequestsPerConnection);
    drain();
  }
  add_exchange(stream).begin(std::move(head), length, peer_);
}

void Http2Connection::on_refused(http::StreamId stream, const Error& error) {
  worker_.limit_hits->refused(error.kind);
  Error client_error = error;
  client_error.side = ErrorSide::Client;
  add_exchange(stream).refuse(status_of(client_error));
}

void Http2Connection::on_body(http::StreamId stream, std::string_view bytes) {
  if (Entry* entry = find(stream)) {
    entry->unread += bytes.size();
    entry->exchange->on_client_body(bytes);
  } else {
    codec_.consumed(stream, bytes.size());
  }
  // The exchange may have ended inside the call.
  Entry* const entry = find(stream);
  if (entry != nullptr && !entry->paused) open_window(stream, *entry);
}

void Http2Connection::on_end(http::StreamId stream, http::HeaderMap&& trailers) {
  if (Entry* entry = find(stream)) entry->exchange->on_client_end(std::move(trailers));
}

void Http2Connection::on_reset(http::StreamId stream, const Error&) {
  if (Entry* entry = find(stream)) entry->exchange->on_client_lost();
}

void Http2Connection::open_window(http::StreamId stream, Entry& entry) {
  codec_.consumed(stream, std::exchange(entry.unread, 0));
}

void Http2Connection::pause_reading(http::StreamId stream) {
  if (Entry* entry = find(stream)) entry->paused = true;
}

void Http2Connection::resume_reading(http::StreamId stream) {
  Entry* const entry = find(stream);
  if (entry == nullptr) return;
  entry->paused = false;
  open_window(stream, *entry);
  pump_.flush_soon();
}

void Http2Connection::exchange_done(http::StreamId stream) {
  const auto found = exchanges_.find(stream);
  if (found == exchanges_.end()) return;
  open_window(stream, found->second);
  worker_.loop.delete_later(std::move(found->second.exchange));
  exchanges_.erase(found);
  pump_.flush_soon();
}

std::size_t Http2Connection::on_bytes(std::string_view bytes) {
  if (over_) return bytes.size();
  codec_.tell_time(worker_.loop.now());
  if (codec_.receive(bytes)) {
    offer_room();
  } else {
    fail();
  }
  pump_.flush_soon();
  update_wait(false);
  return bytes.size();
}

void Http2Connection::on_peer_end() {
  on_over_(!exchanges_.empty());
}

/// Many answers become one buffer here, in the order that priorities ask for.
void Http2Connection::before_write() {
  codec_.tell_time(worker_.loop.now());
  codec_.fill();
  if (codec_.failed() && !over_) fail();
  settle();
  update_wait(false);
}

void Http2Connection::on_written() {
  offer_room();
  if (codec_.wants_write()) pump_.flush_soon();
  update_wait(true);
}

void Http2Connection::offer_room() {
  codec_.take_roomy(roomy_);
  for (const auto stream : roomy_) {
    if (Entry* entry = find(stream)) entry->exchange->on_client_written();
  }
}

/// The client has broken the protocol or a limit. The reason is in the output, and what it still sends is
/// not looked at.
void Http2Connection::fail() {
  abandon();
  pump_.shutdown_when_flushed();
}

/// Says goodbye to a connection that is of no further use. A close while the client still sends would reset
/// it and could destroy what is on its way.
void Http2Connection::settle() {
  if (over_ || !codec_.finished() || !exchanges_.empty()) return;
  over_ = true;
  goodbye_.cancel();
  pump_.shutdown_when_flushed();
}

Http2Connection::Wait Http2Connection::current_wait() const {
  if (!pump_.flushed()) return Wait::Write;
  if (over_) return Wait::Linger;
  if (codec_.head_begun()) return Wait::Head;
  return codec_.idle() && exchanges_.empty() ? Wait::Idle : Wait::Streams;
}

/// Idle and Head run from where they began, whatever frames come meanwhile: only requests are progress.
void Http2Connection::update_wait(bool progress) {
  if (pump_.closed()) return;
  const Wait wait = current_wait();
  if (wait == wait_ && !(progress && wait == Wait::Write)) return;
  wait_ = wait;
  const auto& limits = worker_.snapshot->limits;
  switch (wait) {
    case Wait::Nothing:
      break;
    case Wait::Idle:
      timer_.start(limits.idle_timeout);
      break;
    case Wait::Write:
      timer_.start(limits.write_timeout);
      break;
    case Wait::Streams:
      timer_.start(limits.write_timeout / kLooks);
      break;
    case Wait::Head:
      timer_.start(limits.header_timeout);
      break;
    case Wait::Linger:
      timer_.start(limits.linger);
      break;
  }
}

void Http2Connection::count_limit() {
  if (wait_ == Wait::Idle) worker_.limit_hits->hit(Limit::IdleTime);
  if (wait_ == Wait::Head) worker_.limit_hits->hit(Limit::HeadTime);
  if (wait_ == Wait::Write) worker_.limit_hits->hit(Limit::WriteTime);
}

void Http2Connection::on_wait_over() {
  const auto& limits = worker_.snapshot->limits;
  count_limit();
  if (wait_ == Wait::Linger || wait_ == Wait::Write) {
    on_over_(wait_ == Wait::Write);
    return;
  }
  codec_.tell_time(worker_.loop.now());
  if (wait_ == Wait::Idle) codec_.finish_shutdown();
  if (wait_ == Wait::Head) codec_.end_for(http::Http2Abuse::HeaderTime);
  if (wait_ == Wait::Streams) codec_.reset_stalled(worker_.loop.now() - limits.write_timeout);
  if (codec_.failed()) fail();
  wait_ = Wait::Nothing;
  pump_.flush_soon();
  update_wait(true);
}

}  // namespace portvakt::exchange
