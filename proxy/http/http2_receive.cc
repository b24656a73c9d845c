// What comes from the peer.
#include "proxy/http/framing_guard.h"
#include "proxy/http/http2_session.h"

namespace portvakt::http {
namespace {

std::uint32_t code_of_failure(ssize_t error, bool rule_broken) {
  if (rule_broken) return NGHTTP2_PROTOCOL_ERROR;
  switch (error) {
    case NGHTTP2_ERR_BAD_CLIENT_MAGIC:
      return NGHTTP2_PROTOCOL_ERROR;
    case NGHTTP2_ERR_NOMEM:
      return NGHTTP2_INTERNAL_ERROR;
    default:
      return NGHTTP2_ENHANCE_YOUR_CALM;  // a limit, nghttp2's or ours
  }
}

}  // namespace

Result<std::size_t> Http2Session::receive(std::string_view bytes) {
  if (dead) return bytes.size();  // what still comes belongs to nobody
  const auto used = nghttp2_session_mem_recv(
      session_.get(), reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  if (used == NGHTTP2_ERR_TOO_MANY_CONTINUATIONS) abuse(Http2Abuse::Continuations);
  if (used == NGHTTP2_ERR_FLOODED ||
      nghttp2_session_get_outbound_queue_size(session_.get()) > limits_.max_backlog) {
    end_for(Http2Abuse::Backlog);
  }
  if (used < 0) die(code_of_failure(used, rule_broken_));
  fill();
  if (dead) return failure(ErrorKind::Malformed, "the connection broke the rules of HTTP/2");
  return bytes.size();
}

int Http2Session::begin_frame(const nghttp2_frame_hd& head) {
  const bool ack = (head.flags & NGHTTP2_FLAG_ACK) != 0;
  const bool ends = (head.flags & NGHTTP2_FLAG_END_STREAM) != 0;
  const auto spend = [this](Http2Abuse kind) { return flood.spend(kind) ? 0 : abuse(kind); };
  switch (head.type) {
    case NGHTTP2_HEADERS:
      block_open = (head.flags & NGHTTP2_FLAG_END_HEADERS) == 0;
      return 0;
    case NGHTTP2_CONTINUATION:
      block_open = (head.flags & NGHTTP2_FLAG_END_HEADERS) == 0;
      return head.length == 0 ? spend(Http2Abuse::EmptyFrames) : 0;
    case NGHTTP2_DATA:
      return head.length == 0 && !ends ? spend(Http2Abuse::EmptyFrames) : 0;
    case NGHTTP2_RST_STREAM:
      return spend(Http2Abuse::ResetsReceived);
    case NGHTTP2_SETTINGS:
      return spend(ack ? Http2Abuse::EmptyFrames : Http2Abuse::Settings);
    case NGHTTP2_PING:
      return spend(ack ? Http2Abuse::EmptyFrames : Http2Abuse::Pings);
    case NGHTTP2_WINDOW_UPDATE:
      return spend(Http2Abuse::WindowUpdates);
    case NGHTTP2_PRIORITY:
      // nghttp2 passes these over as a whole, the rule that they name a stream included.
      rule_broken_ = head.stream_id == 0;
      return rule_broken_ ? NGHTTP2_ERR_CALLBACK_FAILURE : spend(Http2Abuse::EmptyFrames);
    default:
      return spend(Http2Abuse::EmptyFrames);
  }
}

int Http2Session::begin_headers(const nghttp2_frame& frame) {
  const auto id = static_cast<StreamId>(frame.hd.stream_id);
  if (role_ == Role::Server && frame.headers.cat == NGHTTP2_HCAT_REQUEST) streams_[id].moved = flood.now();
  if (Http2Stream* stream = find(id)) stream->head.clear();
  return 0;
}

int Http2Session::take_field(StreamId id, std::string_view name, std::string_view value) {
  Http2Stream* const stream = find(id);
  if (stream == nullptr) return 0;
  stream->head.add(name, value, limits_.message);
  // A few bytes of references into the header table can unpack into gigabytes (CVE-2016-6581).
  const bool bomb = stream->head.size() > kHeaderBombFactor * limits_.message.max_header_bytes;
  return bomb ? abuse(Http2Abuse::HeaderBytes) : 0;
}

void Http2Session::take_data(StreamId id, std::string_view bytes) {
  Http2Stream* const stream = find(id);
  if (stream == nullptr || stream->given_up || stream->refused) {
    nghttp2_session_consume_connection(session_.get(), bytes.size());
    return;
  }
  stream->unread += bytes.size();
  events_.on_body(id, bytes);
}

void Http2Session::received(const nghttp2_frame& frame) {
  const auto id = static_cast<StreamId>(frame.hd.stream_id);
  const bool ends = (frame.hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
  if (frame.hd.type == NGHTTP2_HEADERS) {
    take_headers(id, ends);
  } else if (frame.hd.type == NGHTTP2_DATA && ends) {
    if (Http2Stream* stream = find(id)) take_end(id, *stream, {});
  } else if (frame.hd.type == NGHTTP2_PING && (frame.hd.flags & NGHTTP2_FLAG_ACK) != 0 && shutdown_begun_) {
    finish_shutdown();  // we send a PING for nothing else
  } else if (frame.hd.type == NGHTTP2_WINDOW_UPDATE || frame.hd.type == NGHTTP2_SETTINGS) {
    windows_moved_ = true;
  }
}

void Http2Session::take_headers(StreamId id, bool ends) {
  Http2Stream* const stream = find(id);
  if (stream == nullptr || stream->given_up) return;
  if (stream->head_told) {
    take_trailers(id, *stream);
  } else if (role_ == Role::Server) {
    take_request(id, *stream, ends);
  } else {
    take_response(id, *stream, ends);
  }
}

void Http2Session::take_request(StreamId id, Http2Stream& stream, bool ends) {
  BodyLength length;
  auto head = stream.head.take_request(ends, length);
  stream.head.clear();
  stream.head_told = true;
  if (!head) {
    stream.refused = true;
    stream.received_end = ends;
    events_.on_refused(id, head.error());
    return;
  }
  head->scheme = scheme_;
  stream.to_head = head->method == "HEAD";
  events_.on_request(id, std::move(*head), length);
  if (ends) take_end(id, stream, {});
}

void Http2Session::take_response(StreamId id, Http2Stream& stream, bool ends) {
  BodyLength length;
  auto head = stream.head.take_response(stream.to_head, ends, length);
  stream.head.clear();
  if (!head) {
    reset(id, NGHTTP2_PROTOCOL_ERROR);
    events_.on_reset(id, head.error());
    return;
  }
  stream.head_told = !head->informational();
  events_.on_response(id, std::move(*head), length);
  if (ends) take_end(id, stream, {});
}

void Http2Session::take_trailers(StreamId id, Http2Stream& stream) {
  auto trailers = stream.head.take_trailers();
  stream.head.clear();
  if (trailers) {
    take_end(id, stream, std::move(*trailers));
    return;
  }
  reset(id, NGHTTP2_ENHANCE_YOUR_CALM);
  events_.on_reset(id, trailers.error());
}

void Http2Session::take_end(StreamId id, Http2Stream& stream, HeaderMap&& trailers) {
  if (stream.received_end || stream.given_up) return;
  stream.received_end = true;
  if (!stream.refused) events_.on_end(id, std::move(trailers));
}

void Http2Session::consumed(StreamId id, std::size_t count) {
  Http2Stream* const stream = find(id);
  if (stream == nullptr || dead) return;
  count = std::min(count, stream->unread);
  stream->unread -= count;
  if (stream->received_end || stream->given_up) {
    nghttp2_session_consume_connection(session_.get(), count);
  } else {
    nghttp2_session_consume(session_.get(), static_cast<std::int32_t>(id), count);
  }
}

void Http2Session::stream_closed(StreamId id, std::uint32_t code) {
  const auto found = streams_.find(id);
  if (found == streams_.end()) return;
  auto closed = streams_.extract(found);
  Http2Stream& stream = closed.mapped();
  drop_pending(stream);
  if (stream.unread > 0) nghttp2_session_consume_connection(session_.get(), stream.unread);
  const bool whole = stream.received_end && (role_ == Role::Client || stream.sent_end);
  // A client's request reaches its handler with its head; what was never told needs no end.
  const bool known = role_ == Role::Client || stream.head_told;
  if (stream.given_up || !known || whole) return;
  const auto side = role_ == Role::Server ? ErrorSide::Client : ErrorSide::Upstream;
  const auto kind = code == NGHTTP2_REFUSED_STREAM ? ErrorKind::Refused : ErrorKind::Closed;
  events_.on_reset(id, {kind, side, "the stream was reset"});
}

}  // namespace portvakt::http
