// One request and its response, from the request's head to the access record. Runs the filters, forwards
// through an UpstreamLink or answers by itself, and ends in exactly one place: finish(). Owned by its client
// connection, on its worker; keeps the snapshot that it began with.
#pragma once

#include <memory>
#include <optional>

#include "filters/filter.h"
#include "proxy/exchange/forwarder.h"
#include "proxy/exchange/record_builder.h"
#include "proxy/exchange/response_body.h"
#include "proxy/exchange/upload_watch.h"
#include "proxy/exchange/worker_context.h"
#include "proxy/http/codec.h"

namespace portvakt::exchange {

/// What an exchange asks of the connection that it came on.
class ExchangeOwner {
 public:
  virtual ~ExchangeOwner() = default;
  virtual http::Codec& codec() = 0;
  /// Output was queued.
  virtual void flush_soon() = 0;
  /// The answer opened a tunnel: what the client has sent behind its request may be read now.
  virtual void tunnel_opened(http::StreamId stream) = 0;
  /// What is held for the connection.
  virtual MemoryAccount& memory() = 0;
  virtual void pause_reading(http::StreamId stream) = 0;
  virtual void resume_reading(http::StreamId stream) = 0;
  /// The exchange has ended; it is destroyed after this call has returned to the loop.
  virtual void exchange_done(http::StreamId stream) = 0;
  /// Whether requests for this host belong on this connection: a TLS connection is one certificate's.
  virtual bool may_carry([[maybe_unused]] std::string_view authority) const { return true; }
};

class Exchange : private ForwarderEvents, private ResponseBodyEvents {
 public:
  Exchange(WorkerContext& worker, ExchangeOwner& owner, http::StreamId stream, bool tls);
  ~Exchange() override;
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  /// `peer`: the socket's address, in memory only.
  void begin(http::RequestHead&& head, http::BodyLength length, const std::optional<IpAddress>& peer);
  void on_client_body(std::string_view bytes);
  void on_client_end(http::HeaderMap&& trailers);
  /// The client is gone.
  void on_client_lost();
  /// The client's side has room for more output.
  void on_client_written();
  /// What the client sends is malformed or late: answers with `status`, or cuts an answer short that has
  /// begun.
  void fail_client(int status);
  /// A request that could not be read is answered and recorded, without a site of its own.
  void refuse(int status);
  bool done() const { return done_; }

 private:
  void run_request_filters();
  void continue_request();
  void ask(filters::Question&& question);
  void answered(filters::Answer&& answer);
  void pass_on(std::string_view bytes);
  void resume_upload();
  void watch_upload();
  bool overloaded();
  void account();
  void expect_upstream();
  void leave_upstream();
  bool judge_expectation();
  void say_continue();
  void on_upstream_silent();

  bool asks_tunnel() const { return !request_.protocol.empty(); }
  bool tunnel_open() const { return status_sent_ == 101; }
  void end_tunnel_if_over();

  void on_informational(http::ResponseHead&& head);
  void on_forward_response(http::ResponseHead&& head, http::BodyLength length) override;
  void on_forward_body(std::string_view bytes) override;
  void on_forward_end(http::HeaderMap&& trailers) override;
  void on_forward_failure(const Error& error) override;
  void on_forward_written() override;

  void on_body_sent() override;
  void on_body_failed(const Error& error) override;
  void on_body_full() override;
  void on_body_drained() override;
  void on_body_queued() override { owner_.flush_soon(); }

  bool run_response_filters(http::ResponseHead& head, http::BodyLength length);
  void promise_https(http::HeaderMap& headers) const;
  void send_reply(filters::Reply&& reply);
  void send_error(int status);
  void finish(int status);

  WorkerContext& worker_;
  ExchangeOwner& owner_;
  const http::StreamId stream_;
  const bool tls_;
  std::shared_ptr<const Snapshot> snapshot_;
  const Site* site_ = nullptr;
  SteadyTime began_;
  WallTime began_wall_;

  http::RequestHead request_;
  http::BodyLength request_length_;
  std::optional<IpAddress> client_;
  filters::Notes notes_;
  std::size_t next_filter_ = 0;
  std::optional<std::string> collected_;  // the request's body, while and after a filter wants it whole
  bool collecting_ = false;
  std::shared_ptr<Exchange*> inquiry_;  // while the desk has a question of ours; the desk's way back
  std::optional<filters::Answer> answer_;
  unsigned questions_ = 0;
  std::uint64_t request_bytes_ = 0;
  bool request_ended_ = false;
  bool continue_awaited_ = false;              // the client may wait for a 100 before it sends its body
  bool upload_paused_ = false;                 // the upstream does not take it as fast
  std::unique_ptr<UploadWatch> upload_watch_;  // of requests with a body

  Forwarder forwarder_;
  ResponseBody response_body_;
  MemoryShare memory_;
  int status_sent_ = 0;  // 0: no final head was sent yet
  bool body_dropped_ = false;
  unsigned hints_passed_ = 0;
  bool answer_ended_ = false;  // all of it, end included, was handed to the client's side
  bool done_ = false;
  net::Timer response_timer_;
};

}  // namespace portvakt::exchange
