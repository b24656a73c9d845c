// The upstream's side of one exchange: leases a connection, writes the normalised request, streams its body,
// and hands the response back. Tries again on another connection only where that cannot do anything twice.
// Belongs to its exchange.
#pragma once

#include <memory>

#include "filters/visitor/truncated_ip.h"
#include "proxy/exchange/worker_context.h"
#include "proxy/http/body_pipe.h"
#include "proxy/upstream/upstream_connection.h"

namespace portvakt::exchange {

class ForwarderEvents {
 public:
  virtual ~ForwarderEvents() = default;
  virtual void on_forward_response(http::ResponseHead&& head, http::BodyLength length) = 0;
  virtual void on_forward_body(std::string_view bytes) = 0;
  virtual void on_forward_end(http::HeaderMap&& trailers) = 0;
  /// No answer, or the rest of one, will come.
  virtual void on_forward_failure(const Error& error) = 0;
  /// Some of the request was written: there may be room for more of it.
  virtual void on_forward_written() = 0;
};

class Forwarder : private upstream::UpstreamEvents, private upstream::Waiter {
 public:
  Forwarder(WorkerContext& worker, ForwarderEvents& events) : worker_(worker), events_(events) {}
  ~Forwarder() override { release(); }
  Forwarder(const Forwarder&) = delete;
  Forwarder& operator=(const Forwarder&) = delete;

  /// `head` (its fields of one connection removed) and `site` outlive the forwarding.
  void start(const Site& site, const http::RequestHead& head, http::BodyLength length,
             const visitor::TruncatedIp& client);
  void send_body(std::string_view bytes);
  void send_end(http::HeaderMap&& trailers);
  /// The request's body should wait until there is nothing of it left here.
  bool full() const { return active() && request_.full(); }
  bool drained() const { return request_.empty(); }
  /// Bytes held for the upstream, and of it.
  std::size_t held() const { return request_.held() + (connection_ ? connection_->held() : 0); }
  void pause_response() {
    if (connection_) connection_->pause_reading();
  }
  void resume_response() {
    if (connection_) connection_->resume_reading();
  }
  /// The upstream has failed in a way that only the caller can tell: too late, or an answer that cannot be
  /// used.
  void give_up(const Error& error);
  /// For the operator's log.
  void report(const Error& error);
  /// Lets the connection go: back to the pool if it may serve again. Nothing is told after this.
  void release();
  /// The whole request, its end included, has gone to the socket.
  bool all_written() const {
    return !waiting_ && (!connection_ || (request_.finished() && connection_->flushed()));
  }
  /// An answer is still to come.
  bool active() const { return connection_ != nullptr || waiting_; }

 private:
  void on_upstream_response(http::ResponseHead&& head, http::BodyLength length) override;
  void on_upstream_body(std::string_view bytes) override;
  void on_upstream_end(http::HeaderMap&& trailers) override;
  void on_upstream_failure(const Error& error) override;
  void on_upstream_written() override;
  bool on_place() override;
  void on_wait_over() override;

  bool try_connect(upstream::Reuse reuse);
  void use(upstream::Chosen&& chosen, upstream::Reuse reuse);
  void let_go();
  void note_failure(const Error& error);
  void connect(upstream::Reuse reuse);
  void settle_tunnel(int status);
  bool may_retry(const Error& error) const;
  bool kept_connection_closed() const;

  WorkerContext& worker_;
  ForwarderEvents& events_;
  const Site* site_ = nullptr;
  const http::RequestHead* head_ = nullptr;
  http::BodyLength length_;
  const upstream::UpstreamServer* server_ = nullptr;
  std::unique_ptr<upstream::UpstreamConnection> connection_;
  http::StreamId stream_ = 0;
  http::BodyPipe request_;  // connected when the upstream has taken bytes: until then it may go to another
  unsigned attempts_ = 0;
  unsigned informational_ = 0;
  bool tunnel_asked_ = false;               // and not answered: nothing of the client's may follow the head
  upstream::ServerGroup* group_ = nullptr;  // while forwarding
  upstream::Place place_;                   // at the server
  std::optional<std::uint64_t> key_;        // what a consistent choice goes by
  std::vector<const upstream::UpstreamServer*> tried_;
  bool waiting_ = false;  // for a place
};

}  // namespace portvakt::exchange
