// A client's connection once it speaks HTTP/2: many exchanges at once, each with its own back-pressure, so
// that who is slow on one stream waits on that stream alone. Part of its ClientConnection, which owns the
// transport; both live on one worker.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "proxy/exchange/exchange.h"
#include "proxy/exchange/worker_context.h"
#include "proxy/http/http2_codec.h"
#include "proxy/net/stream_pump.h"

namespace portvakt::exchange {

class Http2Connection : private http::CodecEvents, private ExchangeOwner {
 public:
  /// `on_over` is called when the connection may be closed; `cut_short`: while something was missing.
  Http2Connection(WorkerContext& worker, net::StreamPump& pump, const std::optional<IpAddress>& peer,
                  bool tls, MemoryAccount& memory, std::function<void(bool cut_short)> on_over);
  ~Http2Connection() override;

  Buffer& output() { return codec_.output(); }
  std::size_t on_bytes(std::string_view bytes);
  void on_peer_end();
  void before_write();
  void on_written();
  /// Finishes what is under way and takes no new request.
  void drain();
  /// Exchanges under way are recorded as abandoned.
  void abandon();

 private:
  enum class Wait : std::uint8_t { Nothing, Idle, Streams, Head, Write, Linger };
  struct Entry {
    std::unique_ptr<Exchange> exchange;
    std::size_t unread = 0;  // body bytes that the exchange has, and whose window stays shut
    bool paused = false;
  };

  void on_request(http::StreamId stream, http::RequestHead&& head, http::BodyLength length) override;
  void on_body(http::StreamId stream, std::string_view bytes) override;
  void on_end(http::StreamId stream, http::HeaderMap&& trailers) override;
  void on_refused(http::StreamId stream, const Error& error) override;
  void on_reset(http::StreamId stream, const Error& error) override;

  http::Codec& codec() override;
  void flush_soon() override { pump_.flush_soon(); }
  /// Never happens: a request of HTTP/2 asks for no other protocol.
  void tunnel_opened(http::StreamId) override {}
  MemoryAccount& memory() override { return memory_; }
  bool may_carry(std::string_view authority) const override { return pump_.may_carry(authority); }
  void pause_reading(http::StreamId stream) override;
  void resume_reading(http::StreamId stream) override;
  void exchange_done(http::StreamId stream) override;

  Entry* find(http::StreamId stream);
  Exchange& add_exchange(http::StreamId stream);
  void open_window(http::StreamId stream, Entry& entry);
  void offer_room();
  void fail();
  void settle();
  Wait current_wait() const;
  void update_wait(bool progress);
  void count_limit();
  void on_wait_over();

  WorkerContext& worker_;
  net::StreamPump& pump_;
  const std::optional<IpAddress>& peer_;
  const bool tls_;
  MemoryAccount& memory_;
  std::function<void(bool)> on_over_;
  http::Http2Codec codec_;
  std::unordered_map<http::StreamId, Entry> exchanges_;
  std::vector<http::StreamId> roomy_;
  net::Timer timer_;
  net::Timer goodbye_;
  Wait wait_ = Wait::Nothing;
  std::uint64_t requests_ = 0;
  bool over_ = false;
};

}  // namespace portvakt::exchange
