// One connection of a client: its codec, its exchanges, its waits. Speaks HTTP/1 itself and hands over to an
// Http2Connection when the client turns out to speak that. Bytes that break the protocol are answered or the
// connection is closed; they are never forwarded. Lives on its worker, which destroys it after on_closed.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>

#include "proxy/exchange/connection_gate.h"
#include "proxy/exchange/exchange.h"
#include "proxy/exchange/http2_connection.h"
#include "proxy/exchange/rate_floor.h"
#include "proxy/exchange/worker_context.h"
#include "proxy/http/http1_codec.h"
#include "proxy/net/stream_pump.h"

namespace portvakt::exchange {

enum class Protocols : std::uint8_t { Http1, Http1AndHttp2 };

class ClientConnection : private http::CodecEvents,
                         private net::PumpEvents,
                         private ExchangeOwner,
                         private PlaceHolder,
                         private MemoryUser {
 public:
  /// `peer`: the socket's address, kept in this object's memory alone. `on_closed` is called once; the
  /// connection is destroyed after it has returned to the loop. `place`: null where connections are not
  /// counted.
  ClientConnection(WorkerContext& worker, std::unique_ptr<net::Transport> transport,
                   std::optional<IpAddress> peer, bool tls, std::function<void(ClientConnection&)> on_closed,
                   std::unique_ptr<ConnectionPlace> place = nullptr,
                   Protocols protocols = Protocols::Http1AndHttp2);
  ~ClientConnection() override;

  /// Finishes what is under way and takes no new request.
  void drain();
  /// Ends at once; exchanges under way are recorded as abandoned.
  void abandon();

 private:
  enum class Wait : std::uint8_t { Nothing, Idle, Head, Write, Linger };

  void on_request(http::StreamId stream, http::RequestHead&& head, http::BodyLength length) override;
  void on_body(http::StreamId stream, std::string_view bytes) override;
  void on_end(http::StreamId stream, http::HeaderMap&& trailers) override;
  void on_reset(http::StreamId stream, const Error& error) override;

  std::size_t on_bytes(std::string_view bytes) override;
  void on_peer_end() override;
  void on_broken() override;
  void on_written() override;
  void before_write() override;

  http::Codec& codec() override { return codec_; }
  void flush_soon() override;
  void tunnel_opened(http::StreamId stream) override;
  MemoryAccount& memory() override { return memory_; }
  void pause_reading(http::StreamId) override { pump_.pause(net::StreamPump::BackPressure); }
  void resume_reading(http::StreamId stream) override;
  void exchange_done(http::StreamId stream) override;
  bool may_carry(std::string_view authority) const override { return pump_.may_carry(authority); }

  void give_up_place() override { close(false); }
  bool holds_for_a_slow_peer() const override;
  void cut_for_memory() override { close(true); }

  Exchange* find(http::StreamId stream);
  Exchange& add_exchange(http::StreamId stream);
  enum class Choice : std::uint8_t { Http1, Http2, MoreBytes };
  Choice choose_protocol(std::string_view bytes) const;
  void begin_http2();
  void refuse(const Error& error);
  void begin_next();
  void settle();
  void close(bool cut_short);
  void count_request();
  Wait current_wait();
  void wait_for_reader();
  void update_place();
  Limit limit_passed() const;
  void update_wait(bool progress);
  void on_wait_over();

  WorkerContext& worker_;
  const std::optional<IpAddress> peer_;
  const bool tls_;
  std::function<void(ClientConnection&)> on_closed_;
  http::Http1Codec codec_;
  net::StreamPump pump_;
  std::unique_ptr<ConnectionPlace> place_;
  MemoryAccount memory_;
  MemoryShare own_memory_;                  // of codec and pump
  std::unique_ptr<Http2Connection> http2_;  // once it is known that the client speaks it
  bool undecided_;                          // nothing was read by either codec
  std::map<http::StreamId, std::unique_ptr<Exchange>> exchanges_;
  net::TurnEndTask next_;
  net::Timer timer_;
  Wait wait_ = Wait::Nothing;
  RateFloor download_;         // while something waits to be written
  std::uint64_t written_ = 0;  // bytes that download_ knows of
  std::uint64_t requests_ = 0;
  bool first_request_ = true;
  bool draining_ = false;
  bool lingering_ = false;
  bool closed_ = false;
};

}  // namespace portvakt::exchange
