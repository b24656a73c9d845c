// What goes to the peer.
#include <algorithm>
#include <array>

#include "proxy/base/ascii.h"
#include "proxy/http/http2_session.h"
#include "proxy/http/syntax.h"

namespace portvakt::http {
namespace {

// A DATA frame of this size explains a few WINDOW_UPDATE frames; one that a window of a byte made does not.
constexpr std::size_t kWorthAnUpdate = 1024;
constexpr std::uint32_t kUpdatesPerFrame = 4;

nghttp2_nv field_of(std::string_view name, std::string_view value,
                    std::uint8_t flags = NGHTTP2_NV_FLAG_NONE) {
  const auto bytes = [](std::string_view text) {
    return const_cast<std::uint8_t*>(reinterpret_cast<const std::uint8_t*>(text.data()));
  };
  return {bytes(name), bytes(value), name.size(), value.size(), flags};
}

/// Fields of one connection have no place in HTTP/2 (RFC 9113 section 8.2.2).
bool is_of_connection(std::string_view name) {
  static constexpr std::array<std::string_view, 5> kNames = {"Connection", "Keep-Alive", "Proxy-Connection",
                                                             "Transfer-Encoding", "Upgrade"};
  return std::ranges::any_of(kNames, [&](std::string_view one) { return ascii::iequals(one, name); });
}

/// Secrets stay out of the header table, which a later stream could be made to reveal by sizes.
bool is_secret(std::string_view name) {
  return ascii::iequals(name, "Set-Cookie") || ascii::iequals(name, "Cookie") ||
         ascii::iequals(name, "Authorization");
}

/// Nothing that could be taken for more than one field: a filter's mistake must not become a second one.
void add_fields(std::vector<nghttp2_nv>& to, const HeaderMap& from) {
  for (const auto& field : from.fields()) {
    if (!is_token(field.name) || !is_field_value(field.value) || is_of_connection(field.name)) continue;
    to.push_back(field_of(field.name, field.value,
                          is_secret(field.name) ? NGHTTP2_NV_FLAG_NO_INDEX : NGHTTP2_NV_FLAG_NONE));
  }
}

}  // namespace

StreamId Http2Session::send_request(const RequestHead& head, BodyLength length) {
  if (dead) return 0;
  const std::string bytes = length.bytes ? std::to_string(*length.bytes) : "";
  std::vector<nghttp2_nv> fields = {field_of(":method", head.method), field_of(":scheme", scheme_),
                                    field_of(":authority", head.authority), field_of(":path", head.target)};
  if (length.bytes) fields.push_back(field_of("content-length", bytes));
  add_fields(fields, head.headers);
  const auto provider = body_provider();
  const auto id = nghttp2_submit_request(session_.get(), nullptr, fields.data(), fields.size(),
                                         length.none ? nullptr : &provider, nullptr);
  if (id <= 0) return 0;
  Http2Stream& stream = streams_[static_cast<StreamId>(id)];
  stream.to_head = head.method == "HEAD";
  stream.sending = !length.none;
  stream.moved = flood.now();
  return static_cast<StreamId>(id);
}

void Http2Session::send_response(StreamId id, const ResponseHead& head, BodyLength length) {
  Http2Stream* const stream = find(id);
  if (stream == nullptr || stream->given_up || dead) return;
  const std::string status = std::to_string(head.status);
  const std::string bytes = length.bytes ? std::to_string(*length.bytes) : "";
  std::vector<nghttp2_nv> fields;
  fields.reserve(head.headers.size() + 2);
  fields.push_back(field_of(":status", status));
  if (length.bytes && head.status != 204 && !head.informational()) {
    fields.push_back(field_of("content-length", bytes));
  }
  add_fields(fields, head.headers);
  const auto nghttp2_id = static_cast<std::int32_t>(id);
  if (head.informational()) {
    nghttp2_submit_headers(session_.get(), NGHTTP2_FLAG_NONE, nghttp2_id, nullptr, fields.data(),
                           fields.size(), nullptr);
    return;
  }
  const auto provider = body_provider();
  stream->sending = !length.none;
  stream->moved = flood.now();
  nghttp2_submit_response(session_.get(), nghttp2_id, fields.data(), fields.size(),
                          length.none ? nullptr : &provider);
}

/// How much more of a stream's body may wait here: no more than the peer's windows let out, so that a window
/// that stays closed leaves the bytes where back-pressure holds them.
std::size_t Http2Session::room_of(StreamId id, const Http2Stream& stream) const {
  const auto left = [](std::int64_t window, std::size_t waiting) {
    return static_cast<std::size_t>(std::max<std::int64_t>(0, window - static_cast<std::int64_t>(waiting)));
  };
  std::int64_t of_stream =
      nghttp2_session_get_stream_remote_window_size(session_.get(), static_cast<std::int32_t>(id));
  if (of_stream < 0 && role_ == Role::Client) {  // a request whose head is not out yet
    of_stream = nghttp2_session_get_remote_settings(session_.get(), NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE);
  }
  const auto of_connection = nghttp2_session_get_remote_window_size(session_.get());
  return std::min({left(kStreamSendMark, stream.pending.size()), left(of_stream, stream.pending.size()),
                   left(of_connection, pending_)});
}

std::size_t Http2Session::send_body(StreamId id, std::string_view bytes) {
  Http2Stream* const stream = find(id);
  if (stream == nullptr || stream->given_up || !stream->sending || stream->ending || dead)
    return bytes.size();
  const auto part = bytes.substr(0, room_of(id, *stream));
  if (stream->pending.empty()) stream->moved = flood.now();
  if (part.size() < bytes.size()) stream->wants_room = true;
  if (part.empty()) return 0;
  stream->pending.append(part);
  pending_ += part.size();
  nghttp2_session_resume_data(session_.get(), static_cast<std::int32_t>(id));
  return part.size();
}

void Http2Session::send_end(StreamId id, const HeaderMap& trailers) {
  Http2Stream* const stream = find(id);
  if (stream == nullptr || stream->given_up || !stream->sending || stream->ending || dead) return;
  stream->ending = true;
  for (const auto& field : trailers.fields()) stream->trailers.add(field.name, field.value);
  nghttp2_session_resume_data(session_.get(), static_cast<std::int32_t>(id));
}

void Http2Session::reset(StreamId id, std::uint32_t code) {
  Http2Stream* const stream = find(id);
  if (stream == nullptr || stream->given_up || dead) return;
  stream->given_up = true;
  drop_pending(*stream);
  nghttp2_submit_rst_stream(session_.get(), NGHTTP2_FLAG_NONE, static_cast<std::int32_t>(id),
                            role_ == Role::Client ? std::uint32_t{NGHTTP2_CANCEL} : code);
}

/// What a stream no longer sends leaves room for others.
void Http2Session::drop_pending(Http2Stream& stream) {
  pending_ -= stream.pending.size();
  windows_moved_ = true;
  stream.pending.clear();
}

void Http2Session::fill() {
  while (!dead && output.size() < kSendMark) {
    const std::uint8_t* bytes = nullptr;
    const auto size = nghttp2_session_mem_send(session_.get(), &bytes);
    if (size < 0) die(abuse_ ? NGHTTP2_ENHANCE_YOUR_CALM : NGHTTP2_INTERNAL_ERROR);
    if (size <= 0) break;
    output.append({reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size)});
  }
}

ssize_t Http2Session::read_body(StreamId id, std::size_t room, std::uint32_t& flags) {
  Http2Stream* const stream = find(id);
  if (stream == nullptr || stream->given_up) return NGHTTP2_ERR_DEFERRED;
  const auto length = std::min(room, stream->pending.size());
  if (length == 0 && !stream->ending) return NGHTTP2_ERR_DEFERRED;
  flags |= NGHTTP2_DATA_FLAG_NO_COPY;
  if (!stream->ending || length < stream->pending.size()) return static_cast<ssize_t>(length);
  flags |= NGHTTP2_DATA_FLAG_EOF;
  if (stream->trailers.empty()) return static_cast<ssize_t>(length);
  std::vector<nghttp2_nv> fields;
  add_fields(fields, stream->trailers);
  if (fields.empty()) return static_cast<ssize_t>(length);
  flags |= NGHTTP2_DATA_FLAG_NO_END_STREAM;
  nghttp2_submit_trailer(session_.get(), static_cast<std::int32_t>(id), fields.data(), fields.size());
  return static_cast<ssize_t>(length);
}

int Http2Session::write_body(StreamId id, const std::uint8_t* frame_head, std::size_t length) {
  constexpr std::size_t kFrameHead = 9;
  Http2Stream* const stream = find(id);
  if (stream == nullptr || stream->pending.size() < length) return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
  output.append({reinterpret_cast<const char*>(frame_head), kFrameHead});
  output.append(stream->pending.view().substr(0, length));
  stream->pending.consume(length);
  pending_ -= length;
  stream->moved = flood.now();
  return output.size() < kSendMark ? 0 : NGHTTP2_ERR_PAUSE;
}

int Http2Session::sent(const nghttp2_frame& frame) {
  const auto id = static_cast<StreamId>(frame.hd.stream_id);
  Http2Stream* const stream = find(id);
  if (frame.hd.type == NGHTTP2_DATA && frame.hd.length >= kWorthAnUpdate) {
    flood.refund(Http2Abuse::WindowUpdates, kUpdatesPerFrame);
  }
  if (frame.hd.type == NGHTTP2_RST_STREAM) {
    // MadeYouReset (CVE-2025-8671): each of these was a stream that the peer opened and made us give up.
    const bool ours = stream != nullptr && stream->given_up;
    const bool counts = role_ == Role::Server && !ours && frame.rst_stream.error_code != NGHTTP2_NO_ERROR;
    return !counts || flood.spend(Http2Abuse::ResetsSent) ? 0 : abuse(Http2Abuse::ResetsSent);
  }
  if (frame.hd.type == NGHTTP2_GOAWAY) {
    if (frame.goaway.error_code != NGHTTP2_NO_ERROR) dead = true;
    if (shutdown_begun_ && !shutdown_finished_) {
      nghttp2_submit_ping(session_.get(), NGHTTP2_FLAG_NONE, nullptr);
    }
  }
  if (stream != nullptr && frame.hd.type == NGHTTP2_DATA) offer_room(id, *stream);
  const bool carries_end = frame.hd.type == NGHTTP2_DATA || frame.hd.type == NGHTTP2_HEADERS;
  if (stream == nullptr || !carries_end || (frame.hd.flags & NGHTTP2_FLAG_END_STREAM) == 0) return 0;
  stream->sent_end = true;
  // An answer that came before the request was whole: the rest of it is not wanted (RFC 9113 section 8.1).
  if (role_ == Role::Server && !stream->received_end) reset(id, NGHTTP2_NO_ERROR);
  return 0;
}

void Http2Session::offer_room(StreamId id, Http2Stream& stream) {
  if (!stream.wants_room || stream.given_up || stream.pending.size() > kStreamSendMark / 2) return;
  if (room_of(id, stream) == 0) return;
  stream.wants_room = false;
  roomy_.push_back(id);
}

/// The peer may have opened windows.
void Http2Session::offer_room_to_all() {
  if (!windows_moved_) return;
  windows_moved_ = false;
  for (auto& [id, stream] : streams_) offer_room(id, stream);
}

void Http2Session::take_roomy(std::vector<StreamId>& into) {
  offer_room_to_all();
  into.clear();
  into.swap(roomy_);
}

/// A stream that has something for the peer and no window for it.
bool Http2Session::blocked(StreamId id, const Http2Stream& stream) const {
  const bool waits = stream.wants_room || !stream.pending.empty() || (stream.ending && !stream.sent_end);
  if (!waits || stream.given_up) return false;
  return nghttp2_session_get_remote_window_size(session_.get()) <= 0 ||
         nghttp2_session_get_stream_remote_window_size(session_.get(), static_cast<std::int32_t>(id)) <= 0;
}

bool Http2Session::reset_stalled(SteadyTime before) {
  std::vector<StreamId> stalled;
  for (const auto& [id, stream] : streams_) {
    if (stream.moved < before && blocked(id, stream)) stalled.push_back(id);
  }
  for (const auto id : stalled) {
    if (!flood.spend(Http2Abuse::Stalls)) {
      end_for(Http2Abuse::Stalls);
      return false;
    }
    reset(id, NGHTTP2_CANCEL);
    events_.on_reset(id, {ErrorKind::TimedOut, ErrorSide::Client, "the client does not take its answer"});
  }
  return true;
}

}  // namespace portvakt::http
