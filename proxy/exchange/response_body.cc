#include "proxy/exchange/response_body.h"

#include <ctime>

#include "proxy/exchange/limits.h"

namespace portvakt::exchange {
namespace {

/// To a few milliseconds, at the price of a memory access: it is asked for every slice.
std::chrono::nanoseconds coarse_now() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

}  // namespace

ResponseBody::ResponseBody(net::EventLoop& loop, ResponseBodyEvents& events)
    : events_(events), loop_(loop), flush_(loop, [this] {
        if (cut_ || end_fed_ || transforms_.empty()) return;
        transforms_.front()->flush();
        events_.on_body_queued();
        settle();
      }) {}

void ResponseBody::connect(http::Codec& codec, http::StreamId stream,
                           std::vector<std::unique_ptr<filters::BodyTransform>> transforms) {
  pipe_.connect(codec, stream);
  transforms_ = std::move(transforms);
  for (std::size_t i = 0; i < transforms_.size(); ++i) {
    transforms_[i]->connect(i + 1 < transforms_.size() ? static_cast<filters::BodySink&>(*transforms_[i + 1])
                                                       : *this);
  }
}

void ResponseBody::take(std::string_view bytes) {
  if (cut_) return;
  if (transforms_.empty()) {
    pipe_.write(bytes);
  } else {
    held_.append(bytes);
    feed_held();
  }
  settle();
}

void ResponseBody::take_end(http::HeaderMap&& trailers) {
  if (cut_) return;
  trailers_ = std::move(trailers);
  source_ended_ = true;
  feed_held();
  settle();
}

void ResponseBody::drain() {
  if (cut_ || !pipe_.connected()) return;
  pipe_.drain();
  // Not before its turn: a client that takes all at once would keep the others waiting.
  if (!feed_later_ || !feed_later_->armed()) feed_held();
  settle();
}

std::size_t ResponseBody::held() const {
  std::size_t bytes = pipe_.held() + held_.size();
  for (const auto& transform : transforms_) bytes += transform->held();
  return bytes;
}

/// Gives the transforms what waits, slice by slice, while the pipe has room and others need not wait for
/// long; then the end, if it has come.
void ResponseBody::feed_held() {
  const auto began = held_.empty() ? std::chrono::nanoseconds(0) : coarse_now();
  while (!cut_ && !held_.empty() && !pipe_.full()) {
    feed_slice();
    if (held_.empty() || coarse_now() - began < kTransformTime) continue;
    feed_later();
    return;
  }
  if (cut_ || !source_ended_ || end_fed_ || !held_.empty()) return;
  end_fed_ = true;
  if (transforms_.empty()) {
    pipe_.end(std::move(trailers_));
  } else {
    transforms_.front()->end(trailers_);
  }
}

void ResponseBody::feed_slice() {
  const auto slice = held_.view().substr(0, kTransformSlice);
  transforms_.front()->write(slice);
  held_.consume(slice.size());
  flush_.schedule();
}

void ResponseBody::feed_later() {
  if (!feed_later_) {
    feed_later_ = std::make_unique<net::Timer>(loop_, [this] {
      if (cut_) return;
      feed_held();
      events_.on_body_queued();
      settle();
    });
  }
  feed_later_->start(std::chrono::milliseconds(0));
}

/// Tells the exchange what has come of it.
void ResponseBody::settle() {
  if (cut_ || sent_told_) return;
  if (pipe_.finished()) {
    sent_told_ = true;
    events_.on_body_sent();
    return;
  }
  const bool full = pipe_.full() || !held_.empty();
  if (full && !full_told_) {
    full_told_ = true;
    events_.on_body_full();
  } else if (full_told_ && pipe_.empty() && held_.empty()) {
    full_told_ = false;
    events_.on_body_drained();
  }
}

void ResponseBody::write(std::string_view bytes) {
  if (!cut_) pipe_.write(bytes);
}

void ResponseBody::end(const http::HeaderMap& trailers) {
  if (cut_) return;
  http::HeaderMap copy;
  for (const auto& field : trailers.fields()) copy.add(field.name, field.value);
  pipe_.end(std::move(copy));
}

void ResponseBody::abort(const Error& error) {
  if (cut_) return;
  cut_ = true;
  events_.on_body_failed(error);
}

}  // namespace portvakt::exchange
