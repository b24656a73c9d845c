#include "proxy/http/http1_codec.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "proxy/base/ascii.h"
#include "proxy/http/http1_head.h"
#include "proxy/http/syntax.h"

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
  return sending_ == Sending::Nothing && !spent_ ? stream_ : 0;
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
  if (head->status == 101)
    return failure(ErrorKind::Malformed, "an upgrade that nobody asked for", ErrorSide::Upstream);
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
  if (spent_ || receiving_ == Receiving::Nothing || receiving_ == Receiving::Done) {
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

void Http1Codec::write_field(std::string_view name, std::string_view value) {
  // Nothing that could end a line may be written: a filter's mistake must not become a second message.
  if (!is_token(name) || !is_field_value(value)) return;
  output_.append(name);
  output_.append(": ");
  output_.append(value);
  output_.append("\r\n");
}

void Http1Codec::write_fields(const HeaderMap& headers) {
  for (const auto& field : headers.fields()) write_field(field.name, field.value);
}

void Http1Codec::begin_sending(BodyLength length, bool chunked_allowed) {
  if (length.none) {
    sending_ = Sending::Counted;
  } else if (length.bytes) {
    write_field("Content-Length", std::to_string(*length.bytes));
    sending_ = Sending::Counted;
  } else if (chunked_allowed) {
    write_field("Transfer-Encoding", "chunked");
    sending_ = Sending::Chunked;
  } else {
    sending_ = Sending::UntilClose;
    close_ = true;
  }
}

StreamId Http1Codec::send_request(const RequestHead& head, BodyLength length) {
  ++stream_;
  head_request_ = head.method == "HEAD";
  receiving_ = Receiving::Head;
  output_.append(head.method);
  output_.append(" ");
  output_.append(head.target);
  output_.append(" HTTP/1.1\r\n");
  write_field("Host", head.authority);
  write_fields(head.headers);
  const bool expects_body = head.method == "POST" || head.method == "PUT" || head.method == "PATCH";
  if (length.none && (length.bytes || expects_body)) write_field("Content-Length", "0");
  begin_sending(length, true);
  output_.append("\r\n");
  return stream_;
}

void Http1Codec::send_response(StreamId stream, const ResponseHead& head, BodyLength length) {
  if (stream != stream_ || spent_) return;
  output_.append("HTTP/1.1 " + std::to_string(head.status) + " ");
  output_.append(reason_phrase(head.status));
  output_.append("\r\n");
  write_fields(head.headers);
  if (head.informational()) {
    output_.append("\r\n");
    return;
  }
  // An answer before the request has come whole: what is left of it could not be told from a next request.
  if (receiving_ == Receiving::Body && receive_framing_ != BodyFraming::None) close_ = true;
  const bool may_announce = head.status != 204 && (head.status != 304 || length.bytes);
  if (length.none && may_announce && (!head_request_ || length.bytes)) {
    write_field("Content-Length", std::to_string(length.bytes.value_or(0)));
  }
  begin_sending(length, peer_version_ != Version::Http10);
  if (close_) {
    write_field("Connection", "close");
    close_told_ = true;
  } else if (peer_version_ == Version::Http10) {
    write_field("Connection", "keep-alive");
  }
  output_.append("\r\n");
}

std::size_t Http1Codec::send_body(StreamId stream, std::string_view bytes) {
  if (stream != stream_ || spent_ || bytes.empty()) return bytes.size();
  const std::size_t room = kSendMark - std::min(output_.size(), kSendMark);
  const auto part = bytes.substr(0, room);
  if (part.empty()) return 0;
  if (sending_ == Sending::Chunked) {
    std::array<char, 20> size{};
    const int length = std::snprintf(size.data(), size.size(), "%zx\r\n", part.size());
    output_.append({size.data(), static_cast<std::size_t>(length)});
    output_.append(part);
    output_.append("\r\n");
  } else {
    output_.append(part);
  }
  return part.size();
}

void Http1Codec::send_end(StreamId stream, const HeaderMap& trailers) {
  if (stream != stream_ || spent_ || sending_ == Sending::Nothing || sending_ == Sending::Done) return;
  if (sending_ == Sending::Chunked) {
    output_.append("0\r\n");
    write_fields(trailers);
    output_.append("\r\n");
  }
  sending_ = Sending::Done;
  message_done();
}

void Http1Codec::reset(StreamId stream, const Error&) {
  if (stream == stream_) spent_ = true;
}

void Http1Codec::start_shutdown() {
  close_ = true;
}

bool Http1Codec::finished() const {
  if (spent_) return true;
  const bool sent = sending_ == Sending::Done || sending_ == Sending::Nothing;
  if (role_ == Role::Client) return close_ && idle();
  // A server's side that closes need not wait for the rest of a request it has already answered. But a client
  // that was not told may have sent its next request already: it is answered first.
  return close_told_ && sent && (receiving_ != Receiving::Head || scanned_ == 0) &&
         (sending_ == Sending::Done || receiving_ == Receiving::Nothing);
}

}  // namespace portvakt::http
