// The machine behind Http2Codec, over nghttp2: for the .cc files of this room only. Receiving lives in
// http2_receive.cc, sending in http2_send.cc. nghttp2 keeps the protocol's states, windows and header tables;
// what it does not bound (reset streams, unpacked heads, frames that move nothing) is bounded here.
#pragma once

#include <nghttp2/nghttp2.h>

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "proxy/http/http2_codec.h"
#include "proxy/http/http2_head.h"

namespace portvakt::http {

struct Http2Stream {
  Http2HeadReader head;
  Buffer pending;             // body bytes that wait for their turn
  HeaderMap trailers;         // to send behind them
  std::size_t unread = 0;     // received body bytes that nobody has consumed
  SteadyTime moved{};         // when bytes for the peer last went on, or began to wait
  bool to_head = false;       // the request was a HEAD
  bool head_told = false;     // the head has come, and is not an informational one
  bool refused = false;       // and cannot be served
  bool received_end = false;  // the peer sends no more
  bool sending = false;       // our head is out, and a body follows
  bool ending = false;        // all of the body is in `pending`
  bool sent_end = false;      // END_STREAM is out
  bool given_up = false;      // by us: nothing more is told
  bool wants_room = false;    // send_body took less than it was given
};

struct FreeHttp2Session {
  void operator()(nghttp2_session* session) const { nghttp2_session_del(session); }
};

class Http2Session {
 public:
  using Role = Http2Codec::Role;

  Http2Session(Role role, CodecEvents& events, const Http2Limits& limits, std::string_view scheme,
               Http2Counters* counters);

  Result<std::size_t> receive(std::string_view bytes);
  /// Frames what waits, while output has room.
  void fill();

  StreamId send_request(const RequestHead& head, BodyLength length);
  void send_response(StreamId id, const ResponseHead& head, BodyLength length);
  std::size_t send_body(StreamId id, std::string_view bytes);
  void send_end(StreamId id, const HeaderMap& trailers);
  void consumed(StreamId id, std::size_t count);
  void reset(StreamId id, std::uint32_t code);
  void start_shutdown();
  void finish_shutdown();
  /// Says goodbye for `kind` and ends the connection.
  void end_for(Http2Abuse kind);
  bool reset_stalled(SteadyTime before);

  bool finished() const;
  bool wants_write() const { return !dead && nghttp2_session_want_write(session_.get()) != 0; }
  bool idle() const { return streams_.empty(); }
  void take_roomy(std::vector<StreamId>& into);

  Http2FloodGuard flood;
  Buffer output;
  bool dead = false;  // the goodbye is in output; nothing more is read or framed
  bool block_open = false;

 private:
  friend struct Http2Callbacks;

  void set_up();
  Http2Stream* find(StreamId id);
  void die(std::uint32_t code);
  int abuse(Http2Abuse kind);

  // Receiving.
  int begin_frame(const nghttp2_frame_hd& head);
  int begin_headers(const nghttp2_frame& frame);
  int take_field(StreamId id, std::string_view name, std::string_view value);
  void take_headers(StreamId id, bool ends);
  void take_request(StreamId id, Http2Stream& stream, bool ends);
  void take_response(StreamId id, Http2Stream& stream, bool ends);
  void take_trailers(StreamId id, Http2Stream& stream);
  void take_end(StreamId id, Http2Stream& stream, HeaderMap&& trailers);
  void take_data(StreamId id, std::string_view bytes);
  void received(const nghttp2_frame& frame);
  void stream_closed(StreamId id, std::uint32_t code);

  // Sending.
  static nghttp2_data_provider body_provider();
  ssize_t read_body(StreamId id, std::size_t room, std::uint32_t& flags);
  int write_body(StreamId id, const std::uint8_t* frame_head, std::size_t length);
  int sent(const nghttp2_frame& frame);
  std::size_t room_of(StreamId id, const Http2Stream& stream) const;
  bool blocked(StreamId id, const Http2Stream& stream) const;
  void drop_pending(Http2Stream& stream);
  void offer_room(StreamId id, Http2Stream& stream);
  void offer_room_to_all();

  const Role role_;
  CodecEvents& events_;
  const Http2Limits limits_;
  const std::string scheme_;
  Http2Counters* const counters_;
  std::unique_ptr<nghttp2_session, FreeHttp2Session> session_;
  std::unordered_map<StreamId, Http2Stream> streams_;
  std::size_t pending_ = 0;  // of all streams
  std::vector<StreamId> roomy_;
  std::optional<Http2Abuse> abuse_;
  bool windows_moved_ = false;  // the peer opened one since room was last offered
  bool rule_broken_ = false;    // one that nghttp2 does not hold
  bool shutdown_begun_ = false;
  bool shutdown_finished_ = false;
};

}  // namespace portvakt::http
