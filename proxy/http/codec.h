// A codec turns the bytes of one connection into messages and back. It knows no socket, no clock and no
// policy: bytes in, events and output bytes out. The same class serves the client's side (receives requests)
// and the upstream's side (receives responses). Owned by one connection, on that connection's worker.
#pragma once

#include <cstdint>
#include <string_view>

#include "proxy/base/buffer.h"
#include "proxy/base/result.h"
#include "proxy/http/message.h"

namespace portvakt::http {

using StreamId = std::uint32_t;

/// Told by Codec::receive, in the order of the wire. A handler may call any Codec function from inside, but
/// not destroy the codec. After on_end no more of the message is told, after on_reset nothing of that stream.
class CodecEvents {
 public:
  virtual ~CodecEvents() = default;
  virtual void on_request(StreamId, RequestHead&&, BodyLength) {}
  /// Informational responses (1xx) come first, each with BodyLength::none unset and more to follow.
  virtual void on_response(StreamId, ResponseHead&&, BodyLength) {}
  virtual void on_body(StreamId, std::string_view bytes) = 0;
  /// The message is whole; `trailers` may be empty.
  virtual void on_end(StreamId, HeaderMap&& trailers) = 0;
  /// A request that cannot be served as it is; the connection can. The stream may be answered; nothing more
  /// is told of what it carries.
  virtual void on_refused(StreamId, const Error&) {}
  /// The stream is given up: by the peer, or because the peer broke a rule on it. Where both directions run
  /// on their own (HTTP/2), it may also come after on_end.
  virtual void on_reset(StreamId, const Error&) = 0;
};

class Codec {
 public:
  virtual ~Codec() = default;

  /// Feeds bytes as they came; takes how many it used (HTTP/1 stops after a message until the answer is sent,
  /// so that pipelined requests wait in the caller's buffer). An error ends the connection: the caller
  /// answers it if it can, flushes output() and closes.
  virtual Result<std::size_t> receive(std::string_view bytes) = 0;
  /// After receive() has failed on the client's side: the stream that an answer may still go to, 0 if there
  /// is none.
  virtual StreamId refused_stream() { return 0; }
  /// The peer closed its sending side: completes a message that runs to the end, or tells that one was cut
  /// short.
  virtual Result<void> receive_end() = 0;

  /// Starts a request on the upstream's side.
  virtual StreamId send_request(const RequestHead&, BodyLength) = 0;
  /// Answers a stream on the client's side. Informational heads (1xx) may come before the final one. 101
  /// opens the tunnel that RequestHead::protocol asked for, in whatever way the connection says that.
  virtual void send_response(StreamId, const ResponseHead&, BodyLength) = 0;
  /// Queues body bytes and takes how many it took; fewer than given when the peer's window is full.
  virtual std::size_t send_body(StreamId, std::string_view bytes) = 0;
  virtual void send_end(StreamId, const HeaderMap& trailers) = 0;
  /// `count` received body bytes were passed on: the peer may send as many again.
  virtual void consumed(StreamId, std::size_t count) = 0;
  /// Gives a stream up: our side will send no more of it. On HTTP/1 the connection is spent.
  virtual void reset(StreamId, const Error&) = 0;
  /// No new streams after those under way.
  virtual void start_shutdown() = 0;
  /// Nothing more will be sent although the peer may still send (a tunnel that has ended on one side): the
  /// connection closes its sending side once output() is flushed.
  virtual bool sending_over() const { return false; }

  /// True once the connection must be closed when output() is flushed and no stream is open.
  virtual bool finished() const = 0;
  /// Bytes for the peer; the connection consumes what it has written.
  virtual Buffer& output() = 0;
};

}  // namespace portvakt::http
