// HTTP/1.1 and HTTP/1.0 on one connection, either side (RFC 9112). One message at a time: on the client's
// side a pipelined request stays in the caller's buffer until the answer before it is sent. Every message is
// read whole, judged by the framing guard, and written anew: no byte of a peer's head is passed on as it
// came. Owned by its connection; `events` outlives it.
#pragma once

#include "proxy/http/chunked_decoder.h"
#include "proxy/http/codec.h"
#include "proxy/http/framing_guard.h"
#include "proxy/http/limits.h"

namespace portvakt::http {

class Http1Codec : public Codec {
 public:
  enum class Role : std::uint8_t { Server, Client };

  /// `scheme` is given to the heads of received requests.
  Http1Codec(Role role, CodecEvents& events, const MessageLimits& limits, std::string_view scheme);

  Result<std::size_t> receive(std::string_view bytes) override;
  StreamId refused_stream() override;
  Result<void> receive_end() override;
  StreamId send_request(const RequestHead& head, BodyLength length) override;
  void send_response(StreamId stream, const ResponseHead& head, BodyLength length) override;
  std::size_t send_body(StreamId stream, std::string_view bytes) override;
  void send_end(StreamId stream, const HeaderMap& trailers) override;
  void consumed(StreamId, std::size_t) override {}
  void reset(StreamId stream, const Error& error) override;
  void start_shutdown() override;
  bool sending_over() const override { return tunnel_ && !sending(); }
  bool finished() const override;
  Buffer& output() override { return output_; }

  /// Reads no further message; the one that has begun may still be answered.
  void give_up_receiving();
  /// Bytes of a head have come, but not all of it.
  bool head_begun() const { return receiving_ == Receiving::Head; }
  /// A message has come whole, and what follows it is not read before it is answered.
  bool received_whole() const {
    return receiving_ == Receiving::Done || receiving_ == Receiving::UpgradeAsked;
  }
  /// The upgrade was agreed to: bytes pass as they come until each side ends.
  bool tunnel() const { return tunnel_; }
  /// Between messages: nothing received, nothing to send.
  bool idle() const { return receiving_ == Receiving::Nothing && sending_ == Sending::Nothing; }
  /// Something was given up or went wrong: what the peer got is not whole, and the connection is of no
  /// further use.
  bool spent() const { return spent_; }

 private:
  /// UpgradeAsked: what follows waits unread until the answer says whether it is a tunnel's bytes or a next
  /// request.
  enum class Receiving : std::uint8_t { Nothing, Head, Body, UpgradeAsked, Done };
  enum class Sending : std::uint8_t { Nothing, Counted, Chunked, UntilClose, Done };

  Result<std::size_t> receive_some(std::string_view bytes);
  Result<std::size_t> receive_head(std::string_view bytes);
  Result<std::size_t> find_head_end(std::string_view bytes);
  Result<std::size_t> receive_chunked(std::string_view bytes);
  Result<void> begin_request(std::string_view block);
  Result<void> begin_response(std::string_view block);
  void begin_body(const Framing& framing);
  void open_tunnel();
  void end_receiving(HeaderMap&& trailers);
  void message_done();
  void write_fields(const HeaderMap& headers);
  void write_field(std::string_view name, std::string_view value);
  void begin_sending(BodyLength length, bool chunked_allowed);
  void write_upgrade(std::string_view protocol);
  bool sending() const { return sending_ != Sending::Nothing && sending_ != Sending::Done; }

  const Role role_;
  CodecEvents& events_;
  const MessageLimits limits_;
  const std::string scheme_;

  StreamId stream_ = 0;
  Receiving receiving_ = Receiving::Nothing;
  Sending sending_ = Sending::Nothing;
  BodyFraming receive_framing_ = BodyFraming::None;
  std::uint64_t receive_left_ = 0;
  ChunkedDecoder chunked_;
  std::size_t scanned_ = 0;     // bytes of an unfinished head already searched for its end
  std::size_t line_start_ = 0;  // where its last line begins

  Version peer_version_ = Version::Http11;
  bool head_request_ = false;  // the request under way is a HEAD
  std::string protocol_;       // that the request under way asks to change to
  bool tunnel_ = false;
  bool close_ = false;       // after this message
  bool close_told_ = false;  // and the client knows, or has closed itself
  bool spent_ = false;
  Buffer output_;
};

}  // namespace portvakt::http
