#include "proxy/http/http1_codec.h"

#include <algorithm>

#include "proxy/base/ascii.h"
#include "proxy/http/http1_head.h"
#include "proxy/http/syntax.h"
#include "proxy/http/upgrade.h"

namespace portvakt::http {

Http1Codec::Http1Codec(Role role, CodecEvents& events, const MessageLimits& limits, std::string_view scheme)
    : role_(role), events_(events), limits_(limits), scheme_(scheme) {}

Result<std::size_t> Http1Codec::receive(std::string_view bytes) {
  std::size_t used = 0;
  while (used < bytes.size()) {
    if (spent_) return bytes.size();  // what still comes belongs to nobody
    const auto step = receive_some(bytes.substr(used));
    if (!step) {
      give_up_receiving();
      return tl::unexpected(step.error());
    }
    if (*step == 0) break;
    used += *step;
  }
  return used;
}

/// Where the next message would begin can no longer be known. A server's side may still answer the one that
/// failed.
void Http1Codec::give_up_receiving() {
  if (role_ == Role::Client) {
    spent_ = true;
    return;
  }
  if (receiving_ == Receiving::Head || receiving_ == Receiving::Nothing) ++stream_;
  receiving_ = Receiving::Done;
  close_ = true;
}

StreamId Http1Codec::refused_stream() {
  return sending_ == Sending::Nothing && !spent_ && !tunnel_ ? stream_ : 0;
}

Result<std::size_t> Http1Codec::receive_some(std::string_view bytes) {
  switch (receiving_) {
    case Receiving::Nothing:
      if (role_ == Role::Client)
        return failure(ErrorKind::Malformed, "bytes that no request asked for", ErrorSide::Upstream);
      receiving_ = Receiving::Head;
      return receive_head(bytes);
    case Receiving::Head:
      return receive_head(bytes);
    case Receiving::Body:
      break;
    case Receiving::UpgradeAsked:
    case Receiving::Done:
      return 0;
  }
  if (receive_framing_ == BodyFraming::Chunked) return receive_chunked(bytes);
  if (receive_framing_ == BodyFraming::UntilClose) {
    events_.on_body(stream_, bytes);
    return bytes.size();
  }
  const auto part =
      bytes.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(receive_left_, bytes.size())));
  receive_left_ -= part.size();
  events_.on_body(stream_, part);
  if (receive_left_ == 0 && !spent_) end_receiving({});
  return part.size();
}

Result<std::size_t> Http1Codec::receive_chunked(std::string_view bytes) {
  const auto step = chunked_.next(bytes, limits_.max_header_count);
  if (!step) return tl::unexpected(step.error());
  if (!step->body.empty()) events_.on_body(stream_, step->body);
  if (step->done && !spent_) end_receiving(std::move(chunked_.trailers()));
  return step->used;
}

/// The length of the head with its empty line, or 0 while it has not come. Every line end is looked at as it
/// comes, so that a peer with bare line feeds is refused at once and not when a timer ends.
Result<std::size_t> Http1Codec::find_head_end(std::string_view bytes) {
  while (true) {
    const auto end = bytes.find('\n', scanned_);
    const auto line_length = std::min(end, bytes.size()) - line_start_;
    if (line_start_ == 0 && line_length > limits_.max_line + 1) {
      return failure(ErrorKind::TargetTooLong, "first line too long");
    }
    if (std::min(end, bytes.size()) >= limits_.max_header_bytes) {
      return failure(ErrorKind::HeadTooLarge, "head too long");
    }
    if (end == std::string_view::npos) break;
    if (line_length == 0 || bytes[end - 1] != '\r') {
      return failure(ErrorKind::Malformed, "a line that does not end in CRLF");
    }
    scanned_ = end + 1;
    if (line_length == 1 && line_start_ > 0) return end + 1;
    line_start_ = end + 1;
  }
  scanned_ = bytes.size();
  return 0;
}

Result<std::size_t> Http1Codec::receive_head(std::string_view bytes) {
  // RFC 9112 section 2.2: an empty line before a request is a leftover of old clients and is skipped.
  if (role_ == Role::Server && scanned_ == 0 && bytes.starts_with("\r\n")) {
    receiving_ = Receiving::Nothing;
    return 2;
  }
  if (role_ == Role::Server && scanned_ == 0 && !is_token(bytes.substr(0, 1))) {
    if (bytes == "\r") return 0;
    return failure(ErrorKind::Malformed, "not HTTP");
  }
  const auto length = find_head_end(bytes);
  if (!length || *length == 0) return length;
  scanned_ = line_start_ = 0;
  const auto block = bytes.substr(0, *length);
  if (auto begun = role_ == Role::Server ? begin_request(block) : begin_response(block); !begun) {
    return tl::unexpected(begun.error());
  }
  return *length;
}

Result<void> Http1Codec::begin_request(std::string_view block) {
  auto head = parse_request_head(block, limits_);
  if (!head) return tl::unexpected(head.error());
  const auto framing = guard_request(*head);
  if (!framing) return tl::unexpected(framing.error());
  ++stream_;
  head->scheme = scheme_;
  peer_version_ = head->version;
  head_request_ = head->method == "HEAD";
  close_ = close_ || head->headers.has_token("Connection", "close") ||
           (head->version == Version::Http10 && !head->headers.has_token("Connection", "keep-alive"));
  protocol_ = head->protocol = requested_protocol(*head, *framing);
  if (!protocol_.empty()) {
    receiving_ = Receiving::UpgradeAsked;
    events_.on_request(stream_, std::move(*head), {});
    return {};
  }
  begin_body(*framing);
  events_.on_request(stream_, std::move(*head), framing->length);
  if (framing->kind == BodyFraming::None && !spent_) end_receiving({});
  return {};
}

Result<void> Http1Codec::begin_response(std::string_view block) {
  auto head = parse_response_head(block, limits_);
  if (!head) return tl::unexpected(head.error());
  const auto framing = guard_response(*head, head_request_);
  if (!framing) return tl::unexpected(framing.error());
  if (head->status == 101) {
    if (!accepts_protocol(*head, protocol_))
      return failure(ErrorKind::Malformed, "an upgrade that nobody asked for", ErrorSide::Upstream);
    open_tunnel();
    events_.on_response(stream_, std::move(*head), framing->length);
    return {};
  }
  if (head->informational()) {
    receiving_ = Receiving::Head;
    events_.on_response(stream_, std::move(*head), framing->length);
    return {};
  }
  close_ = close_ || head->headers.has_token("Connection", "close") ||
           framing->kind == BodyFraming::UntilClose ||
           (head->version == Version::Http10 && !head->headers.has_token("Connection", "keep-alive"));
  begin_body(*framing);
  events_.on_response(stream_, std::move(*head), framing->length);
  if (framing->kind == BodyFraming::None && !spent_) end_receiving({});
  return {};
}

void Http1Codec::begin_body(const Framing& framing) {
  receive_framing_ = framing.kind;
  receive_left_ = framing.length.bytes.value_or(0);
  chunked_ = ChunkedDecoder();
  receiving_ = Receiving::Body;
}

/// From here on bytes are neither messages nor ours to understand, in both directions.
void Http1Codec::open_tunnel() {
  tunnel_ = true;
  close_ = true;
  receive_framing_ = BodyFraming::UntilClose;
  receiving_ = Receiving::Body;
  sending_ = Sending::UntilClose;
}

void Http1Codec::end_receiving(HeaderMap&& trailers) {
  receiving_ = Receiving::Done;
  // Before the event: whoever hears it may ask at once whether the connection can serve another exchange.
  const StreamId stream = stream_;
  message_done();
  events_.on_end(stream, std::move(trailers));
}

/// Both directions of an exchange are over: the connection is ready for the next, if there may be one.
void Http1Codec::message_done() {
  if (receiving_ != Receiving::Done || sending_ != Sending::Done || spent_) return;
  receiving_ = Receiving::Nothing;
  sending_ = Sending::Nothing;
}

Result<void> Http1Codec::receive_end() {
  if (spent_ || receiving_ == Receiving::Nothing || received_whole()) {
    close_ = close_told_ = true;
    return {};
  }
  if (receiving_ == Receiving::Body && receive_framing_ == BodyFraming::UntilClose) {
    end_receiving({});
    return {};
  }
  spent_ = true;
  const auto side = role_ == Role::Server ? ErrorSide::Client : ErrorSide::Upstream;
  return failure(ErrorKind::Closed, "the connection ended inside a message", side);
}

void Http1Codec::reset(StreamId stream, const Error&) {
  if (stream == stream_) spent_ = true;
}

void Http1Codec::start_shutdown() {
  close_ = true;
}

bool Http1Codec::finished() const {
  if (spent_) return true;
  if (tunnel_) return idle();
  const bool sent = sending_ == Sending::Done || sending_ == Sending::Nothing;
  if (role_ == Role::Client) return close_ && idle();
  // A server's side that closes need not wait for the rest of a request it has already answered. But a client
  // that was not told may have sent its next request already: it is answered first.
  return close_told_ && sent && (receiving_ != Receiving::Head || scanned_ == 0) &&
         (sending_ == Sending::Done || receiving_ == Receiving::Nothing);
}

}  // namespace portvakt::http
