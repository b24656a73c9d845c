// Carries the response's body from the upstream through the filters' transforms to the client's codec, never
// holding more than the pipe's bound and one slice. Belongs to its exchange.
#pragma once

#include <memory>
#include <vector>

#include "filters/body_transform.h"
#include "proxy/http/body_pipe.h"
#include "proxy/net/event_loop.h"

namespace portvakt::exchange {

class ResponseBodyEvents {
 public:
  virtual ~ResponseBodyEvents() = default;
  /// All of it, end included, was handed to the client's codec.
  virtual void on_body_sent() = 0;
  /// It cannot be finished: the client must see that it was cut short.
  virtual void on_body_failed(const Error& error) = 0;
  /// The source should stop; and go on.
  virtual void on_body_full() = 0;
  virtual void on_body_drained() = 0;
  /// Bytes were queued outside of a call of the owner's.
  virtual void on_body_queued() = 0;
};

class ResponseBody : private filters::BodySink {
 public:
  ResponseBody(net::EventLoop& loop, ResponseBodyEvents& events);

  /// Once, when the response's head was sent.
  void connect(http::Codec& codec, http::StreamId stream,
               std::vector<std::unique_ptr<filters::BodyTransform>> transforms);
  void take(std::string_view bytes);
  void take_end(http::HeaderMap&& trailers);
  /// The client's codec has room again.
  void drain();
  /// Nothing more is told or written.
  void cut() { cut_ = true; }
  /// The source was told to stop.
  bool full() const { return full_told_; }
  /// Bytes held: what waits, and what the transforms keep.
  std::size_t held() const;
  /// Body bytes handed to the client's side.
  std::uint64_t bytes() const { return pipe_.passed(); }

 private:
  void write(std::string_view bytes) override;
  void end(const http::HeaderMap& trailers) override;
  void abort(const Error& error) override;
  void feed_held();
  void feed_later();
  void feed_slice();
  void settle();

  ResponseBodyEvents& events_;
  http::BodyPipe pipe_;
  std::vector<std::unique_ptr<filters::BodyTransform>> transforms_;
  net::EventLoop& loop_;
  net::TurnEndTask flush_;
  std::unique_ptr<net::Timer> feed_later_;  // of bodies that take long
  Buffer held_;                             // input that waits for the pipe to drain
  http::HeaderMap trailers_;
  bool source_ended_ = false;
  bool end_fed_ = false;
  bool full_told_ = false;
  bool cut_ = false;
  bool sent_told_ = false;
};

}  // namespace portvakt::exchange
