// One connection to an upstream and its codec. Serves one exchange at a time; between exchanges it waits in
// the pool. Lives on its worker; destroyed through EventLoop::delete_later.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "proxy/http/http1_codec.h"
#include "proxy/net/stream_pump.h"
#include "proxy/upstream/upstream_server.h"

namespace portvakt::upstream {

/// What an exchange hears of its upstream. After on_upstream_end or on_upstream_failure nothing more comes.
class UpstreamEvents {
 public:
  virtual ~UpstreamEvents() = default;
  virtual void on_upstream_response(http::ResponseHead&& head, http::BodyLength length) = 0;
  virtual void on_upstream_body(std::string_view bytes) = 0;
  virtual void on_upstream_end(http::HeaderMap&& trailers) = 0;
  virtual void on_upstream_failure(const Error& error) = 0;
  /// Request bytes were written: there may be room for more.
  virtual void on_upstream_written() = 0;
};

class UpstreamConnection : private http::CodecEvents, private net::PumpEvents {
 public:
  /// Errors: Refused, when the connect fails at once. Faults that show later come as on_upstream_failure.
  static Result<std::unique_ptr<UpstreamConnection>> open(net::EventLoop& loop, const UpstreamServer& server,
                                                          const net::Endpoint& endpoint,
                                                          const http::MessageLimits& limits,
                                                          std::chrono::milliseconds connect_timeout);

  /// Null: the connection waits in the pool.
  void set_events(UpstreamEvents* events) { events_ = events; }
  http::Codec& codec() { return codec_; }
  void flush_soon() {
    if (codec_.sending_over()) {
      pump_.shutdown_when_flushed();
    } else {
      pump_.flush_soon();
    }
  }
  bool flushed() const { return pump_.flushed(); }
  void pause_reading() { pump_.pause(net::StreamPump::BackPressure); }
  void resume_reading() { pump_.resume(net::StreamPump::BackPressure); }

  /// Bytes to be written, and read but not yet used.
  std::size_t held() const { return pump_.held(); }
  const std::string& server() const { return server_; }
  /// Served an exchange before this one.
  bool reused() const { return exchanges_ > 1; }
  /// The peer has sent something in the exchange under way.
  bool answered() const { return answered_; }
  void begin_exchange() {
    ++exchanges_;
    answered_ = false;
  }
  /// Whole messages both ways, nothing left over, neither side wants to close: may serve another exchange.
  bool reusable() const;
  /// Asks the socket whether the upstream has closed it meanwhile.
  bool quiet() { return pump_.quiet(); }
  bool closed() const { return pump_.closed(); }
  void close() { pump_.close(false); }

  net::EventLoop& loop() { return loop_; }

 private:
  UpstreamConnection(net::EventLoop& loop, const UpstreamServer& server,
                     std::unique_ptr<net::Transport> transport, const http::MessageLimits& limits,
                     std::chrono::milliseconds connect_timeout);

  void on_response(http::StreamId, http::ResponseHead&& head, http::BodyLength length) override;
  void on_body(http::StreamId, std::string_view bytes) override;
  void on_end(http::StreamId, http::HeaderMap&& trailers) override;
  void on_reset(http::StreamId, const Error& error) override;

  std::size_t on_bytes(std::string_view bytes) override;
  void on_peer_end() override;
  void on_broken() override;
  void on_written() override;
  void fail(Error error);

  net::EventLoop& loop_;
  std::string server_;
  std::shared_ptr<const net::TlsContext> tls_;  // keeps what the transport uses
  http::Http1Codec codec_;
  net::StreamPump pump_;
  net::Timer connect_timer_;
  UpstreamEvents* events_ = nullptr;
  bool connected_ = false;
  bool answered_ = false;
  unsigned exchanges_ = 0;
};

}  // namespace portvakt::upstream
