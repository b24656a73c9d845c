// The sending half of the HTTP/1 codec: heads written anew, bodies counted, chunked or until the end.
#include <algorithm>
#include <array>
#include <cstdio>

#include "proxy/http/http1_codec.h"
#include "proxy/http/syntax.h"

namespace portvakt::http {

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

void Http1Codec::write_upgrade(std::string_view protocol) {
  write_field("Connection", "Upgrade");
  write_field("Upgrade", protocol);
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
  protocol_ = head.protocol;
  if (!protocol_.empty()) {
    write_upgrade(protocol_);
    output_.append("\r\n");
    sending_ = Sending::Counted;  // of nothing, until the answer is 101
    return stream_;
  }
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
  if (head.status == 101) {
    write_upgrade(protocol_);
    output_.append("\r\n");
    open_tunnel();
    return;
  }
  // No upgrade: the request was whole with its head, and what follows is the next one.
  if (receiving_ == Receiving::UpgradeAsked) receiving_ = Receiving::Done;
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
  if (stream != stream_ || spent_ || !sending()) return;
  if (sending_ == Sending::Chunked) {
    output_.append("0\r\n");
    write_fields(trailers);
    output_.append("\r\n");
  }
  sending_ = Sending::Done;
  message_done();
}

}  // namespace portvakt::http
