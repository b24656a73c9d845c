#include "proxy/http/http2_codec.h"

#include "proxy/http/http2_session.h"

namespace portvakt::http {
namespace {

/// What a reset tells the peer of its reason (RFC 9113 section 7).
std::uint32_t code_of(const Error& error) {
  if (error.kind == ErrorKind::TimedOut) return NGHTTP2_CANCEL;
  if (error.side == ErrorSide::Client && error.kind == ErrorKind::Malformed) return NGHTTP2_PROTOCOL_ERROR;
  return NGHTTP2_INTERNAL_ERROR;
}

}  // namespace

Http2Codec::Http2Codec(Role role, CodecEvents& events, const Http2Limits& limits, std::string_view scheme,
                       Http2Counters* counters)
    : session_(std::make_unique<Http2Session>(role, events, limits, scheme, counters)) {}

Http2Codec::~Http2Codec() = default;

Result<std::size_t> Http2Codec::receive(std::string_view bytes) {
  return session_->receive(bytes);
}

Result<void> Http2Codec::receive_end() {
  if (session_->finished() || session_->idle()) return {};
  return failure(ErrorKind::Closed, "the connection ended with streams open");
}

StreamId Http2Codec::send_request(const RequestHead& head, BodyLength length) {
  return session_->send_request(head, length);
}

void Http2Codec::send_response(StreamId stream, const ResponseHead& head, BodyLength length) {
  session_->send_response(stream, head, length);
}

std::size_t Http2Codec::send_body(StreamId stream, std::string_view bytes) {
  return session_->send_body(stream, bytes);
}

void Http2Codec::send_end(StreamId stream, const HeaderMap& trailers) {
  session_->send_end(stream, trailers);
}

void Http2Codec::consumed(StreamId stream, std::size_t count) {
  session_->consumed(stream, count);
}

void Http2Codec::reset(StreamId stream, const Error& error) {
  session_->reset(stream, code_of(error));
}

void Http2Codec::start_shutdown() {
  session_->start_shutdown();
}

bool Http2Codec::finished() const {
  return session_->finished();
}

Buffer& Http2Codec::output() {
  return session_->output;
}

void Http2Codec::tell_time(SteadyTime now) {
  session_->flood.tell_time(now);
}

void Http2Codec::fill() {
  session_->fill();
}

void Http2Codec::finish_shutdown() {
  session_->finish_shutdown();
}

void Http2Codec::take_roomy(std::vector<StreamId>& into) {
  session_->take_roomy(into);
}

bool Http2Codec::reset_stalled(SteadyTime before) {
  return session_->reset_stalled(before);
}

bool Http2Codec::wants_write() const {
  return session_->wants_write();
}

bool Http2Codec::idle() const {
  return session_->idle();
}

bool Http2Codec::head_begun() const {
  return session_->block_open;
}

bool Http2Codec::failed() const {
  return session_->dead;
}

void Http2Codec::end_for(Http2Abuse kind) {
  session_->end_for(kind);
}

}  // namespace portvakt::http
