// HTTP/2 on one connection, either side (RFC 9113), over nghttp2. Windows open only as consumed() says;
// answers of many streams share one output buffer, framed when fill() is called; floods end the connection
// (http2_flood.h). A rule broken on a stream resets that stream, one broken on the connection ends it with a
// GOAWAY in output(). Owned by its connection; `events` and `counters` outlive it.
#pragma once

#include <memory>
#include <vector>

#include "proxy/http/codec.h"
#include "proxy/http/http2_limits.h"

namespace portvakt::http {

/// What a client that knows beforehand sends first (RFC 9113 section 3.4).
inline constexpr std::string_view kHttp2Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

class Http2Session;

class Http2Codec : public Codec {
 public:
  enum class Role : std::uint8_t { Server, Client };

  /// `scheme` is given to the heads of received requests.
  Http2Codec(Role role, CodecEvents& events, const Http2Limits& limits, std::string_view scheme,
             Http2Counters* counters = nullptr);
  ~Http2Codec() override;

  Result<std::size_t> receive(std::string_view bytes) override;
  Result<void> receive_end() override;
  StreamId send_request(const RequestHead& head, BodyLength length) override;
  void send_response(StreamId stream, const ResponseHead& head, BodyLength length) override;
  std::size_t send_body(StreamId stream, std::string_view bytes) override;
  void send_end(StreamId stream, const HeaderMap& trailers) override;
  void consumed(StreamId stream, std::size_t count) override;
  void reset(StreamId stream, const Error& error) override;
  /// Tells the peer that the end is near, and takes what is already on its way; the last word follows when
  /// the peer has answered, or with finish_shutdown().
  void start_shutdown() override;
  bool finished() const override;
  Buffer& output() override;

  /// Budgets are earned back as this goes on. To be told before receive().
  void tell_time(SteadyTime now);
  /// Frames what waits, up to kSendMark bytes of output: before each write.
  void fill();
  /// No new streams from here on.
  void finish_shutdown();
  /// Streams whose send_body() took less than it was given, and which may be given more now.
  void take_roomy(std::vector<StreamId>& into);
  /// Resets streams whose bytes the peer has not let out since `before`. False: too many, it is the end.
  bool reset_stalled(SteadyTime before);
  /// Something waits to be framed that may go out now.
  bool wants_write() const;
  /// No stream is open.
  bool idle() const;
  /// The peer is in the middle of a header block.
  bool head_begun() const;
  /// The peer has broken the rules or a limit: what is in output() is the last of it.
  bool failed() const;
  /// Ends the connection for what only its owner can see.
  void end_for(Http2Abuse kind);

 private:
  std::unique_ptr<Http2Session> session_;
};

}  // namespace portvakt::http
